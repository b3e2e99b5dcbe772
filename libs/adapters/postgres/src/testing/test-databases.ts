import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Db } from '../db/db.js';
import { fromOwnPglite } from '../db/from-pglite.js';
import { openPostgres, prepareDatabase } from '../db/postgres.js';
import { openPglite } from '../pglite.js';
import { APP_PASSWORD, copyDatabase } from './copy-database.js';
import { prepareFolder } from './prepared-folder.js';

/** A fresh, migrated database. */
export interface TestDatabase {
  /** As the application's role. */
  readonly db: Db;
  /** As a superuser, for setting up what the application may not, and for looking at what it may not see. */
  readonly admin: Db;
  /** Where another process finds it, for the application's role; PGlite has none. */
  readonly url?: string;
  close(): Promise<void>;
}

export interface TestDatabaseKind {
  /** Names the engine, for the title of a suite. */
  readonly name: string;
  open(): Promise<TestDatabase>;
}

const SERVER = process.env['TEST_DATABASE_URL'];

/** What database tests run on: PGlite always, and PostgreSQL where TEST_DATABASE_URL names a server to make one on. */
export function testDatabases(): TestDatabaseKind[] {
  const pglite = { name: 'PGlite', open: openInFolder };
  if (SERVER) return [pglite, { name: 'PostgreSQL', open: () => openOnServer(SERVER) }];
  describe('PostgreSQL', () => it.skip('TEST_DATABASE_URL is not set', () => undefined));
  return [pglite];
}

async function openInFolder(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'packhouse-test-'));
  await prepareFolder(folder);
  const { db, lite, close } = await openPglite(folder);
  const session = fromOwnPglite(lite);
  const asSuperuser: Db['tx'] = (work, signal) =>
    session.tx(async (tx) => {
      await tx.query('set local role none');
      return work(tx);
    }, signal);
  const admin: Db = { tx: asSuperuser, query: (sql, params) => asSuperuser((tx) => tx.query(sql, params)) };
  return { db, admin, close: () => close().finally(() => rm(folder, { recursive: true })) };
}

async function openOnServer(server: string): Promise<TestDatabase> {
  const name = `packhouse_test_${randomUUID().replaceAll('-', '')}`;
  await copyDatabase(server, name);
  const adminUrl = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const url = await onServer(server, (db) => prepareOneByOne(db, adminUrl));
  const [app, admin] = await Promise.all([openPostgres({ url }), openPostgres({ url: adminUrl, max: 2 })]);
  const close = async () => {
    await Promise.all([app.close(), admin.close()]);
    await onServer(server, (db) => db.query(`drop database ${name} with (force)`));
  };
  return { db: app.db, admin: admin.db, url, close };
}

/** The role belongs to the server, and spec files run at the same time: one of them at a time gives it its password. */
function prepareOneByOne(db: Db, adminUrl: string): Promise<string> {
  return db.tx(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('packhouse tests'))`);
    return prepareDatabase({ adminUrl, appPassword: APP_PASSWORD });
  });
}

async function onServer<T>(server: string, work: (db: Db) => Promise<T>): Promise<T> {
  const { db, close } = await openPostgres({ url: server, max: 1 });
  return work(db).finally(close);
}
