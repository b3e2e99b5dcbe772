import { abortError, PackhouseError, throwIfAborted } from '@packhouse/core';
import { databaseError, sqlState } from './database-error.js';
import { setLocal, type Db, type Queryable, type Settings } from './db.js';
import { preparation, PREPARED_PLANS, type Preparation } from './preparation.js';
import { sendTogether, type Batch, type Result, type Statement } from './send-together.js';
import { PLAIN_PARSERS, readTypeParsers, type TypeParsers } from './type-parsers.js';

/** What is used of a client of `pg`. */
export interface ClientLike {
  query(statement: Statement): Promise<Result | Result[]>;
  query(batch: Batch): unknown;
  release(destroy?: boolean | Error): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  getTypeParser(oid: number, format?: string): (value: string) => unknown;
  readonly connection: { readonly stream: { destroy(): unknown } };
}

/** What is used of a `pg.Pool`, not of `native` clients and without `pipeline`; the caller opens and ends it. */
export interface PoolLike {
  connect(): Promise<ClientLike>;
}

/**
 * A `Db` over a pool of `pg`. A signal that fires destroys the socket of the running statement: that needs no second
 * connection, which an exhausted pool would not have. The server ends the statement when it notices, for which our
 * application role sets `client_connection_check_interval` to a second. Such a client, and one whose connection broke,
 * never goes back to the pool.
 */
export function fromPool(pool: PoolLike): Db {
  return pooled({ pool, parsers: parsersOf(pool), preparation: preparation() }, {});
}

/** What the views of one pool share. */
interface Shared {
  readonly pool: PoolLike;
  readonly parsers: () => Promise<TypeParsers>;
  readonly preparation: Preparation;
}

/** @param settings what each transaction and each query begins with, in the same message as its first statement */
function pooled(shared: Shared, settings: Settings): Db {
  const { pool, parsers, preparation } = shared;
  const query: Db['query'] = async <Row extends object>(
    sql: string,
    params?: readonly unknown[],
    signal?: AbortSignal,
  ) =>
    withClient(pool, await parsers(), signal, (client) => {
      const opening = openingOf(settings);
      if (opening.length === 0) return client.query<Row>(sql, params);
      client.open(opening);
      return client.query<Row>(sql, params ?? []);
    });
  return {
    query,
    prepared: <Row extends object>(sql: string, params?: readonly unknown[], signal?: AbortSignal) =>
      preparation.attempt(
        async (name) =>
          withClient(pool, await parsers(), signal, (client) => {
            const named = (each: Opening) => ({ ...each, name: name(each.text) });
            client.open(openingOf({ ...settings, ...PREPARED_PLANS }).map(named));
            return client.send<Row>(named({ text: sql, values: [...(params ?? [])] }));
          }),
        () => query<Row>(sql, params, signal),
      ),
    async tx(work, signal) {
      return withClient(pool, await parsers(), signal, (client) =>
        transaction(client, [BEGIN, ...openingOf(settings)], work),
      );
    },
    withSettings: (more) => pooled(shared, { ...settings, ...more }),
  };
}

type Opening = Pick<Statement, 'name' | 'text' | 'values'>;

const BEGIN: Opening = { text: 'begin' };

function openingOf(settings: Settings): Opening[] {
  return Object.keys(settings).length > 0 ? [setLocal(settings)] : [];
}

/** A client for the time of one piece of work. */
interface Leased extends Queryable {
  /** Has these sent before the next statement, and with it. */
  open(opening: readonly Opening[]): void;
  /** As `query`. */
  send<Row extends object>(statement: Opening): Promise<Row[]>;
  /**
   * Ends the transaction, with `commit` or `rollback`, and returns the command's tag; undefined if nothing was sent.
   *
   * @throws PackhouseError `internal` where the connection broke meanwhile
   */
  end(command: string): Promise<string | undefined>;
}

async function transaction<T>(
  client: Leased,
  opening: readonly Opening[],
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  client.open(opening);
  const result = await work({ query: client.query }).catch(async (error: unknown) => {
    await client.end('rollback').catch(() => undefined);
    throw error;
  });
  // PostgreSQL answers the commit of a failed transaction with a rollback, and no error.
  if ((await client.end('commit')) !== 'ROLLBACK') return result;
  throw new PackhouseError('internal', 'A statement failed and its error was caught: the transaction was rolled back.');
}

async function withClient<T>(
  pool: PoolLike,
  parsers: TypeParsers,
  signal: AbortSignal | undefined,
  work: (client: Leased) => Promise<T>,
): Promise<T> {
  const client = await connect(pool, signal);
  const lease = { broken: false };
  // Without a listener a connection that breaks between two statements would end the process.
  const onError = () => void (lease.broken = true);
  client.on('error', onError);
  try {
    return await work(leased(client, parsers, lease, signal));
  } finally {
    client.release(lease.broken);
    client.removeListener('error', onError);
  }
}

/** Waits for a client no longer than the signal; one that comes later goes back unused. */
async function connect(pool: PoolLike, signal: AbortSignal | undefined): Promise<ClientLike> {
  throwIfAborted(signal);
  const connecting = pool.connect();
  try {
    return await (signal ? untilAborted(connecting, signal) : connecting);
  } catch (error) {
    connecting.then(
      (client) => client.release(),
      () => undefined,
    );
    throw databaseError(error);
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortError(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function leased(
  client: ClientLike,
  parsers: TypeParsers,
  lease: { broken: boolean },
  signal: AbortSignal | undefined,
): Leased {
  const types = { getTypeParser: typeParser(client, parsers) };
  let opening: readonly Opening[] = [];
  const send = async (statement: Opening, own = signal): Promise<Result | undefined> => {
    throwIfAborted(own);
    if (lease.broken) throw databaseError(new Error('the connection was lost'));
    const onAbort = () => {
      lease.broken = true;
      client.connection.stream.destroy();
    };
    own?.addEventListener('abort', onAbort, { once: true });
    const before = opening;
    opening = [];
    try {
      return await submit(
        client,
        [...before, statement].map((each) => ({ ...each, types })),
      );
    } catch (error) {
      if (sqlState(error) === undefined) lease.broken = true;
      throw own?.aborted ? abortError(own) : databaseError(error);
    } finally {
      own?.removeEventListener('abort', onAbort);
    }
  };
  return {
    open: (statements) => void (opening = statements),
    query: async <Row extends object>(sql: string, params?: readonly unknown[], own?: AbortSignal) => {
      const statement = params ? { text: sql, values: [...params] } : { text: sql };
      return ((await send(statement, own))?.rows ?? []) as Row[];
    },
    send: async <Row extends object>(statement: Opening) => ((await send(statement))?.rows ?? []) as Row[],
    // Not under the signal: a transaction that was begun is ended, and a commit that was sent is not half sent.
    end: async (text) => {
      if (opening.length > 0) return undefined;
      const sound = !lease.broken;
      try {
        return (await send({ text }, NEVER))?.command;
      } catch (error) {
        throw sound && lease.broken ? inDoubt(error) : error;
      }
    },
  };
}

/** Not to be tried again by itself: it would be done twice where it was done. */
const inDoubt = (cause: unknown) =>
  new PackhouseError('internal', 'The connection was lost during a commit: whether that was done is not known.', {
    cause,
  });

/** In one message, unless the last is a text of any number of statements: that goes alone. */
async function submit(client: ClientLike, statements: readonly Statement[]): Promise<Result | undefined> {
  const last = statements.at(-1) as Statement;
  const before = statements.slice(0, -1);
  if (before.length > 0 && last.values) return sendTogether(client, statements);
  if (before.length > 0) await sendTogether(client, before);
  const result = await client.query(last);
  return Array.isArray(result) ? result.at(-1) : result;
}

const NEVER = new AbortController().signal;

function typeParser(client: ClientLike, parsers: TypeParsers): Statement['types']['getTypeParser'] {
  return (oid, format) => {
    const ours = format === 'binary' ? undefined : parsers[oid];
    return ours ?? client.getTypeParser(oid, format);
  };
}

/** Asks once for the OIDs of pgvector's types; again while the extension is not there. */
function parsersOf(pool: PoolLike): () => Promise<TypeParsers> {
  let known: TypeParsers | undefined;
  return async () => {
    known ??= await withClient(pool, PLAIN_PARSERS, undefined, readTypeParsers);
    return known ?? PLAIN_PARSERS;
  };
}
