import type { TenantId } from '@packhouse/core';

/** Something that runs SQL. */
export interface Queryable {
  /**
   * Runs one statement with `$1`-style parameters, or, without parameters, any number of statements: the rows are the
   * last one's. int8 is read as a number, bytea goes in as a Buffer, a Buffer for a vector is its binary form.
   *
   * @throws PackhouseError `timeout`, `aborted` or `unavailable`; what PostgreSQL refused comes as its own error with
   *   the SQLSTATE in `code`
   */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    params?: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<Row[]>;
}

/** A database: PostgreSQL or PGlite, the same SQL for both. */
export interface Db extends Queryable {
  /**
   * Runs `work` in one transaction: committed when it returns, rolled back when it throws or the signal fires. Inside,
   * only `tx` may be used: PGlite has a single connection, and a query beside it would wait for itself.
   */
  tx<T>(work: (tx: Queryable) => Promise<T>, signal?: AbortSignal): Promise<T>;

  /**
   * The same database, each transaction and each query of which (a single statement then) begins by setting these for
   * its own time. For a database that does so without another round trip; where it is absent they are set by a query.
   */
  withSettings?(settings: Settings): Db;

  /**
   * As `query`, for a text that is one of few and whose plan is good for any values: it is prepared once a connection, and
   * planned no more. For a database that gains by it.
   */
  prepared?: Queryable['query'];
}

/** PostgreSQL's run-time settings, by name. */
export type Settings = Readonly<Record<string, string>>;

/** An open transaction that sees and writes one tenant's rows only, because row-level security says so. */
export interface TenantTx extends Queryable {
  readonly tenant: TenantId;
}

/** One tenant's rows to read, a statement at a time. */
export type SingleReads = TenantTx & Pick<Db, 'prepared'>;

/** One tenant's rows to read: a statement at a time, or several in a transaction. */
export interface TenantReads extends SingleReads {
  transaction<T>(work: (tx: TenantTx) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/**
 * Runs `work` in a transaction of one tenant. The tenant is set for the transaction alone, never for the session: a
 * session goes back to the pool and would carry it to the next caller.
 */
export function asTenant<T>(
  db: Db,
  tenant: TenantId,
  work: (tx: TenantTx) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  // A foreign key is checked by a prepared statement a row, and planning each anew would be most of a write's time. Our
  // own statements are planned for their tenant in any case, as they have no name to be kept under.
  return withSettings(db, { 'app.tenant': tenant, plan_cache_mode: 'auto' }).tx(
    (tx) => work({ tenant, query: (sql, params, own) => tx.query(sql, params, own ?? signal) }),
    signal,
  );
}

/**
 * One tenant's rows, each query a transaction of its own, in one round trip where the database can. For reads: those
 * would gain nothing by sharing a transaction, in which each statement has a snapshot of its own as well.
 */
export function eachAsTenant(db: Db, tenant: TenantId): TenantReads {
  const { query, prepared } = withSettings(db, { 'app.tenant': tenant });
  const transaction: TenantReads['transaction'] = (work, signal) => asTenant(db, tenant, work, signal);
  return { tenant, query, ...(prepared && { prepared }), transaction };
}

/** The rows to read of a transaction that is open already. */
export function readsWithin(tx: TenantTx): TenantReads {
  return { tenant: tx.tenant, query: tx.query, transaction: (work) => work(tx) };
}

function withSettings(db: Db, settings: Settings): Db {
  return db.withSettings?.(settings) ?? settingByQuery(db, settings);
}

function settingByQuery(db: Db, settings: Settings): Db {
  const tx: Db['tx'] = (work, signal) =>
    db.tx(async (tx) => {
      const { text, values } = setLocal(settings);
      await tx.query(text, values, signal);
      return work(tx);
    }, signal);
  return { tx, query: (sql, params, signal) => tx((own) => own.query(sql, params, signal), signal) };
}

/** The statement that sets these until the transaction ends. */
export function setLocal(settings: Settings): { text: string; values: string[] } {
  const values = Object.entries(settings).flat();
  return { text: settingText(values.length / 2), values };
}

const settingTexts: string[] = [];

/** Made once: it comes with each search. */
function settingText(count: number): string {
  const calls = () => Array.from({ length: count }, (_, at) => `set_config($${2 * at + 1}, $${2 * at + 2}, true)`);
  return (settingTexts[count] ??= `select ${calls().join(', ')}`);
}
