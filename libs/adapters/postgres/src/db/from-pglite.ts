import { throwIfAborted } from '@packhouse/core';
import { databaseError, sqlState } from './database-error.js';
import type { Db, Queryable } from './db.js';
import { PLAIN_PARSERS, readTypeParsers } from './type-parsers.js';

interface Results {
  readonly rows: object[];
}

interface QueryOptions {
  parsers?: Record<number, (text: string) => unknown>;
  serializers?: Record<number, (value: never) => string>;
}

interface Session {
  query(sql: string, params?: unknown[], options?: QueryOptions): Promise<Results>;
  exec(sql: string, options?: QueryOptions): Promise<Results[]>;
}

/** What is used of a PGlite; the caller opens and closes it. */
export interface PGliteLike extends Session {
  transaction<T>(work: (tx: Session) => Promise<T>): Promise<T>;
}

/**
 * A `Db` over PGlite. Its one backend runs in this thread: a running statement cannot be cancelled, so a signal is
 * looked at before each statement.
 */
export function fromPglite(lite: PGliteLike): Db {
  return converting(lite, conversionsOf(lite));
}

/** A PGlite of ours alone, which may read values as we do whoever asks. */
export interface OwnPglite extends PGliteLike {
  readonly parsers: Record<number, (text: string) => unknown>;
}

/**
 * The same over a PGlite of our own, whose parsers are changed. Those that are given with a query it puts into a copy of all
 * that it has, some 400, which takes longer than a small query does.
 */
export function fromOwnPglite(lite: OwnPglite): Db {
  const conversions = conversionsOf(lite);
  return converting(lite, async () => {
    const { parsers, ...others } = await conversions();
    Object.assign(lite.parsers, parsers);
    return others;
  });
}

function converting(lite: PGliteLike, conversions: () => Promise<QueryOptions>): Db {
  return {
    async query<Row extends object>(sql: string, params?: readonly unknown[], signal?: AbortSignal) {
      return run<Row>(lite, await conversions(), sql, params, signal);
    },
    async tx(work, signal) {
      const options = await conversions();
      throwIfAborted(signal);
      return lite.transaction((session) => commitOnlyIfSound(session, options, work, signal));
    },
  };
}

/** PGlite commits a failed transaction without a word (PostgreSQL makes it a rollback), so a caught error is shown. */
async function commitOnlyIfSound<T>(
  session: Session,
  options: QueryOptions,
  work: (tx: Queryable) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  let failed = false;
  const tx: Queryable = {
    query: <Row extends object>(sql: string, params?: readonly unknown[], own = signal) =>
      run<Row>(session, options, sql, params, own).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
  };
  const result = await work(tx);
  throwIfAborted(signal);
  if (failed) await session.query('select 1');
  return result;
}

async function run<Row extends object>(
  session: Session,
  options: QueryOptions,
  sql: string,
  params: readonly unknown[] | undefined,
  signal: AbortSignal | undefined,
): Promise<Row[]> {
  throwIfAborted(signal);
  const last = await send(session, options, sql, params).catch(refuse);
  return (last?.rows ?? []) as Row[];
}

async function send(session: Session, options: QueryOptions, sql: string, params: readonly unknown[] | undefined) {
  return params ? session.query(sql, [...params], options) : (await session.exec(sql, options)).at(-1);
}

/** What the database itself reported gets its code of ours; a fault of this process stays what it is. */
function refuse(error: unknown): never {
  throw sqlState(error) === undefined ? error : databaseError(error);
}

/** Bytes go in 15 times as fast this way as in the hex that PGlite would make of them. */
const BINARY_TYPES = ['bytea', 'vector', '_vector', 'halfvec', '_halfvec', 'sparsevec', '_sparsevec'];

/** Asks once for the OIDs of pgvector's types; again while the extension is not there. */
function conversionsOf(lite: PGliteLike): () => Promise<QueryOptions> {
  let known: QueryOptions | undefined;
  const plain = { parsers: PLAIN_PARSERS };
  const db: Queryable = { query: (sql, params) => run(lite, plain, sql, params, undefined) };
  return async () => {
    if (known) return known;
    const parsers = await readTypeParsers(db);
    if (!parsers) return plain;
    return (known = { parsers, serializers: await readSerializers(db) });
  };
}

/** A Buffer goes in as the type's binary form. PGlite does that with a serializer's bytes, whatever its types say. */
async function readSerializers(db: Queryable) {
  const types = await db.query<{ oid: number }>(
    `select oid::int from pg_catalog.pg_type where typname = any(string_to_array($1, ','))`,
    [BINARY_TYPES.join(',')],
  );
  const asItIs = (value: never): string => value;
  return Object.fromEntries(types.map(({ oid }) => [oid, asItIs]));
}
