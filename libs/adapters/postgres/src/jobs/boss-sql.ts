import type { Queryable } from '../db/db.js';

/** What pg-boss asks of a database. */
export interface BossSql {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: object[] }>;
}

/** pg-boss within the caller's transaction: it sends single statements only. */
export function bossSqlIn(tx: Queryable): BossSql {
  return { executeSql: async (text, values) => ({ rows: await tx.query(text, values?.length ? values : undefined) }) };
}
