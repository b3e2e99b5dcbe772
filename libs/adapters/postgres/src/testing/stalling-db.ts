import type { Db } from '../db/db.js';

/** Stops dead within its nth transaction, everything done but the commit, says `stalled` and waits there to be killed. */
export function stallingDb(db: Db, nth: number): Db {
  let transactions = 0;
  return {
    query: db.query,
    tx: (work, signal) =>
      db.tx(async (tx) => {
        const result = await work(tx);
        if (++transactions === nth) await waitToBeKilled('stalled');
        return result;
      }, signal),
  };
}

export function waitToBeKilled(said: string): Promise<never> {
  process.stdout.write(`${said}\n`);
  // A connection alone does not keep the process alive.
  setInterval(() => undefined, 60_000);
  return new Promise(() => undefined);
}
