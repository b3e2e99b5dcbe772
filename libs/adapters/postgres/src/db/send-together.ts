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
  sync(): void;
  readonly stream: { cork(): void; uncork(): void };
  /** The texts of the statements that it knows, by their names. */
  readonly parsedStatements: Record<string, string>;
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
 * Sends single statements in one message and gives the last one's result: one round trip for all. PostgreSQL runs what
 * comes before a Sync as one transaction, also without a `begin`, and skips what follows an error (extended query,
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING). To a client it is one query, by
 * the interface that pg-cursor is made by.
 */
export function sendTogether(
  client: { query(batch: Batch): unknown },
  statements: readonly Statement[],
): Promise<Result> {
  const { Query } = client.constructor as unknown as { Query: QueryClass };
  return new Promise((resolve, reject) => {
    // The client puts its own time limit around `callback`.
    const batch = {
      callback: ((error, result) => (error ? reject(error) : resolve(result as Result))) as Callback,
      ...inTurn(
        statements.map((statement, at) => {
          const last = at === statements.length - 1;
          return new Query({ ...statement, queryMode: 'extended' }, undefined, (error, result) => {
            if (error || last) batch.callback(error, result);
          });
        }),
      ),
    };
    client.query(batch);
  });
}

/** Hands each message to the statement that it answers. */
function inTurn(queries: readonly Query[]) {
  let at = 0;
  const current = () => queries[at] as Query;
  return {
    submit(connection: Connection) {
      // Each statement would end with a Sync of its own.
      const held = Object.create(connection, { sync: { value: () => undefined } }) as Connection;
      connection.stream.cork();
      for (const query of queries) query.submit(held);
      connection.sync();
      connection.stream.uncork();
    },
    handleRowDescription: (message: unknown) => current().handleRowDescription(message),
    handleDataRow: (message: unknown) => current().handleDataRow(message),
    handleCommandComplete: (message: unknown, connection: Connection) => {
      const query = current();
      query.handleCommandComplete(message, connection);
      // The client notes it for a query of its own; this one it does not know.
      if (query.name) connection.parsedStatements[query.name] = query.text;
      at++;
    },
    handleEmptyQuery: () => void at++,
    handleCopyInResponse: (connection: Connection) => current().handleCopyInResponse(connection),
    handleError: (error: Error, connection: Connection) => (queries[at] ?? queries[0])?.handleError(error, connection),
    handleReadyForQuery: (connection: Connection) => queries.forEach((query) => query.handleReadyForQuery(connection)),
  };
}
