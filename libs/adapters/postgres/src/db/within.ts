import type { Db, TenantTx } from './db.js';

/** An open transaction as a `Db`: what is begun in it belongs to it, and is committed or rolled back with all the rest. */
export function within({ query }: TenantTx): Db {
  return { query, tx: (work) => work({ query }) };
}
