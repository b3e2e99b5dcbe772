import type { Db } from '../db/db.js';
import { bossSqlIn, type BossSql } from './boss-sql.js';

const TRANSACTION = /^\s*BEGIN;([\s\S]*?);?\s*COMMIT;\s*$/;

/**
 * pg-boss over a `Db` of ours, so that it opens no pool of its own. It sends a transaction as one text from BEGIN to
 * COMMIT: run as such, an error within would leave a pooled connection inside the failed transaction, and the rows
 * would be those of the COMMIT.
 */
export function bossDatabase(db: Db): BossSql {
  return {
    executeSql: (text, values) => {
      const statements = values?.length ? undefined : TRANSACTION.exec(text)?.[1];
      if (statements === undefined) return bossSqlIn(db).executeSql(text, values);
      return db.tx((tx) => bossSqlIn(tx).executeSql(statements));
    },
  };
}
