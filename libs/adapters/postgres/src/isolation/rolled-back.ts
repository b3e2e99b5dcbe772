import type { Db, Queryable } from '../db/db.js';

/** Runs work in a transaction that is always rolled back: for what no other test may meet. */
export async function rolledBack<T>(db: Db, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const done = new Error('rolled back');
  let result: [T] | undefined;
  await db
    .tx(async (tx) => {
      result = [await work(tx)];
      throw done;
    })
    .catch((error: unknown) => {
      if (error !== done) throw error;
    });
  return (result as [T])[0];
}
