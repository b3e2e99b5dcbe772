import type { Db } from '../db/db.js';
import { openPostgres, prepareDatabase } from '../db/postgres.js';
import { fingerprint } from './fingerprint.js';

/**
 * Makes a migrated database on the server: a copy of one that is made once for each set of migrations and stays there, as
 * migrations take ten times as long. Databases made by it are for whoever called to drop.
 */
export async function copyDatabase(server: string, name: string): Promise<void> {
  const { db, close } = await openPostgres({ url: server, max: 1 });
  try {
    const template = await makeTemplate(db, server);
    await db.query(`create database ${name} template ${template}`);
    for (const sql of KEPT_OUTSIDE) await db.query(sql, [template, name]);
  } finally {
    await close();
  }
}

/** What PostgreSQL keeps of a database elsewhere, and does not copy: settings of roles in it, rights to it. */
const KEPT_OUTSIDE = [
  `insert into pg_db_role_setting (setdatabase, setrole, setconfig)
   select copy.oid, setrole, setconfig
   from pg_db_role_setting join pg_database template on template.oid = setdatabase join pg_database copy on copy.datname = $2
   where template.datname = $1`,
  `update pg_database copy set datacl = template.datacl from pg_database template
   where template.datname = $1 and copy.datname = $2`,
];

/** Spec files run at the same time: one makes it, under another name until it is whole, and the others wait. */
async function makeTemplate(db: Db, server: string): Promise<string> {
  const name = `packhouse_template_${await fingerprint()}`;
  const isThere = async () => (await db.query('select from pg_database where datname = $1', [name])).length > 0;
  if (await isThere()) return name;
  await db.query(`select pg_advisory_lock(hashtext('packhouse template'))`);
  if (!(await isThere())) {
    const unfinished = `${name}_unfinished`;
    await db.query(`drop database if exists ${unfinished} with (force)`);
    await db.query(`create database ${unfinished}`);
    const adminUrl = Object.assign(new URL(server), { pathname: `/${unfinished}` }).href;
    await prepareDatabase({ adminUrl, appPassword: APP_PASSWORD });
    await db.query(`alter database ${unfinished} rename to ${name}`);
  }
  await db.query(`select pg_advisory_unlock(hashtext('packhouse template'))`);
  return name;
}

export const APP_PASSWORD = 'for-tests';
