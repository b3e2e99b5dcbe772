import type { Db, Queryable } from '../db/db.js';
import { bossSqlIn, type BossSql } from './boss-sql.js';

const TRANSACTION = /^\s*BEGIN;([\s\S]*)COMMIT;\s*$/;
/** Where one statement of such a text ends; within function bodies too, so a text with those is left whole. */
const END_OF_STATEMENT = /;\s*$/m;
const FUNCTION_BODY = '$$';

/**
 * pg-boss over a `Db` of ours, so that it opens no pool of its own. It sends a transaction as one text from BEGIN to
 * COMMIT, whose error would leave a pooled connection inside the failed transaction, and it wants the rows of every
 * statement of it: so each is run by itself, in a transaction of ours.
 */
export function bossDatabase(db: Db): BossSql {
  return {
    executeSql: (text, values) => {
      const body = values?.length ? undefined : TRANSACTION.exec(text)?.[1];
      if (body === undefined) return bossSqlIn(db).executeSql(text, values);
      return db.tx(async (tx) => ({ rows: await runAll(tx, statementsOf(body)) }));
    },
  };
}

function statementsOf(body: string): string[] {
  if (body.includes(FUNCTION_BODY)) return [body];
  return body.split(END_OF_STATEMENT).filter((statement) => statement.trim() !== '');
}

async function runAll(tx: Queryable, statements: readonly string[]): Promise<object[]> {
  const rows: object[] = [];
  for (const statement of statements) rows.push(...(await tx.query(statement)));
  return rows;
}
