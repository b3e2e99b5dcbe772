/** A statement with what its values and rows are read by, as `pg` takes it. */
export interface Statement {
  /** What the connection keeps it under; without one it is planned and forgotten. */
  name?: string;
  text: string;
  values?: unknown[];
  types: { getTypeParser(oid: number, format?: string): (value: string) => unknown };
}

export interface Result {
  readonly rows: object[];
  readonly command: string;
}

type Callback = (error: Error | null, result?: Result) => void;

/** What is used of a connection of `pg`, beneath its client. */
interface Connection {
  parse(statement: { name?: string | undefined; text: string }): void;
  bind(values: { statement?: string | undefined; values: unknown[] }): void;
  describe(portal: object): void;
  execute(portal: object): void;
  sync(): void;
  readonly stream: { cork(): void; uncork(): void };
  /** The texts of the statements that it knows, by their names. */
  readonly parsedStatements: Record<string, string>;
  /** And of those that it is about to know. */
  readonly submittedNamedStatements: Record<string, string>;
}

/** What is used of `pg`'s class of one statement, which makes bytes of values and objects of rows. */
interface Query {
  readonly name?: string;
  readonly text: string;
  submit(connection: Connection): unknown;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleEmptyQuery(connection: Connection): void;
  handleCopyInResponse(connection: Connection): void;
  handleError(error: Error, connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
}

type QueryClass = new (config: Statement & { queryMode: 'extended' }, values: undefined, callback: Callback) => Query;

/** Several statements, to a client of `pg` one query. */
export interface Batch {
  submit(connection: Connection): void;
}

/**
 * Sends single statements in one message and gives the last one's result: one round trip for all. Of the others nothing is
 * read; their values are texts. PostgreSQL runs what comes before a Sync as one transaction, also without a `begin`, and
 * skips what follows an error (extended query,
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING). To a client it is one query, by
 * the interface that pg-cursor is made by.
 */
export function sendTogether(
  client: { query(batch: Batch): unknown },
  statements: readonly Statement[],
): Promise<Result> {
  const { Query } = client.constructor as unknown as { Query: QueryClass };
  return new Promise((resolve, reject) => {
    const settle: Callback = (error, result) => batch.callback(error, result);
    const last = new Query({ ...(statements.at(-1) as Statement), queryMode: 'extended' }, undefined, settle);
    const inOrder = inTurn([...statements.slice(0, -1).map((statement) => unread(statement, settle)), last]);
    // The client puts its own time limit around `callback`.
    const callback: Callback = (error, result) => (error ? reject(error) : resolve(result as Result));
    const batch = Object.assign(inOrder, { callback });
    client.query(batch);
  });
}

/** What its rows would look like is not even asked. */
function unread({ name, text, values = [] }: Statement, settle: Callback): Query {
  const ignore = () => undefined;
  return {
    ...(name !== undefined && { name }),
    text,
    submit(connection) {
      if (name === undefined || !knows(connection, name)) {
        connection.parse({ name, text });
        if (name !== undefined) connection.submittedNamedStatements[name] = text;
      }
      connection.bind({ statement: name, values });
      connection.execute({});
    },
    handleRowDescription: ignore,
    handleDataRow: ignore,
    handleCommandComplete: ignore,
    handleEmptyQuery: ignore,
    handleCopyInResponse: ignore,
    handleError: (error) => settle(error),
    handleReadyForQuery: ignore,
  };
}

const knows = ({ parsedStatements, submittedNamedStatements }: Connection, name: string) =>
  parsedStatements[name] !== undefined || submittedNamedStatements[name] !== undefined;

/** What a connection is to a single statement of several, and what the rows of prepared ones look like. */
interface Views {
  /** Each statement would end with a Sync of its own. */
  readonly withoutSync: Connection;
  /** Nor with a question for what the rows look like. */
  readonly withoutDescribe: Connection;
  /** By the statements' names. PostgreSQL refuses to run one whose rows have come to look otherwise. */
  readonly descriptions: Map<string, unknown>;
}

const views = new WeakMap<Connection, Views>();

function viewsOf(connection: Connection): Views {
  const known = views.get(connection);
  if (known) return known;
  const nothing = { value: () => undefined };
  const withoutSync = Object.create(connection, { sync: nothing }) as Connection;
  const withoutDescribe = Object.create(withoutSync, { describe: nothing }) as Connection;
  const made = { withoutSync, withoutDescribe, descriptions: new Map<string, unknown>() };
  views.set(connection, made);
  return made;
}

/** Sends a statement, and asks what its rows look like unless that is known. */
function submitTo({ withoutSync, withoutDescribe, descriptions }: Views, query: Query): void {
  const isKnown = query.name !== undefined && knows(withoutSync, query.name);
  const description = isKnown ? descriptions.get(query.name as string) : undefined;
  query.submit(description ? withoutDescribe : withoutSync);
  if (description) query.handleRowDescription(description);
}

/** Hands each message to the statement that it answers, and the client, which notes what is prepared, that one's name. */
function inTurn(queries: readonly Query[]) {
  let at = 0;
  let seen: Views | undefined;
  const current = () => queries[at] as Query;
  return {
    get name() {
      return queries[at]?.name;
    },
    get text() {
      return queries[at]?.text;
    },
    submit(connection: Connection) {
      connection.stream.cork();
      seen = viewsOf(connection);
      for (const query of queries) submitTo(seen, query);
      connection.sync();
      connection.stream.uncork();
    },
    handleRowDescription: (message: unknown) => {
      const query = current();
      if (query.name !== undefined) seen?.descriptions.set(query.name, message);
      query.handleRowDescription(message);
    },
    handleDataRow: (message: unknown) => current().handleDataRow(message),
    handleCommandComplete: (message: unknown, connection: Connection) => {
      current().handleCommandComplete(message, connection);
      at++;
    },
    handleEmptyQuery: () => void at++,
    handleCopyInResponse: (connection: Connection) => current().handleCopyInResponse(connection),
    handleError: (error: Error, connection: Connection) => {
      // Those after it were not even looked at.
      for (const { name } of queries.slice(at)) if (name) delete connection.submittedNamedStatements[name];
      (queries[at] ?? queries[0])?.handleError(error, connection);
    },
    handleReadyForQuery: (connection: Connection) => queries.forEach((query) => query.handleReadyForQuery(connection)),
  };
}
