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
}

/** An open transaction that sees and writes one tenant's rows only, because row-level security says so. */
export interface TenantTx extends Queryable {
  readonly tenant: TenantId;
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
  return db.tx(async (tx) => {
    await tx.query(`select set_config('app.tenant', $1, true)`, [tenant], signal);
    return work({ tenant, query: (sql, params, own) => tx.query(sql, params, own ?? signal) });
  }, signal);
}
