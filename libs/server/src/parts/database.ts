import { resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';
import {
  checkRole,
  describeRole,
  listenOn,
  migrate,
  migrationStatus,
  openPostgres,
  prepareDatabase,
  requirePgvector,
  type Db,
  type Listen,
  type Queryable,
} from '@packhouse/postgres';
import { developmentSecret } from '../settings/development-secrets.js';
import { SettingsError, type Settings } from '../settings/settings.js';

const log = new Logger('Database');

/** The database, migrated, as a role that row-level security binds. */
export interface Database {
  readonly db: Db;
  /** For the person who started the process. */
  readonly description: string;
  /** True where no other process can have it open. */
  readonly exclusive: boolean;
  readonly listen?: Listen;
  close(): Promise<void>;
}

/** Opens the database that the settings name: PostgreSQL, or PGlite in the data folder. */
export function openDatabase(settings: Settings): Promise<Database> {
  return settings.DATABASE_URL ? openServer(settings, settings.DATABASE_URL) : openEmbedded(settings);
}

async function openEmbedded({ PACKHOUSE_DATA }: Settings): Promise<Database> {
  // Fifteen megabytes of WebAssembly that a process on PostgreSQL does not need.
  const { openPglite } = await import('@packhouse/postgres/pglite');
  const folder = resolve(PACKHOUSE_DATA);
  const { db, close } = await openPglite(folder).catch((error: unknown) => blameFolder(folder, error));
  return { db, close, exclusive: true, description: `PGlite in ${folder}` };
}

async function openServer(settings: Settings, databaseUrl: string): Promise<Database> {
  const url = await applicationUrl(settings, databaseUrl);
  const { db, pool, close } = await openPostgres({ url });
  try {
    await checkRole(db).catch(blameSetting);
    await checkMigrations(db);
    const advice = await requirePgvector(db, settings);
    if (advice) log.warn(advice);
  } catch (error) {
    await close();
    throw error;
  }
  const { host, pathname } = new URL(url);
  return { db, close, exclusive: false, listen: listenOn(pool), description: `PostgreSQL at ${host}${pathname}` };
}

/** What the file system refuses is the folder's fault; who else has it open is told by the error itself. */
function blameFolder(folder: string, error: unknown): never {
  const { syscall, message } = error as NodeJS.ErrnoException;
  throw syscall ? new SettingsError([`PACKHOUSE_DATA: ${folder} cannot be used: ${message}`]) : error;
}

/** The process is not to start so, and the setting is what to mend. */
function blameSetting(error: unknown): never {
  if (PackhouseError.is(error, 'forbidden')) throw new SettingsError([`DATABASE_URL: ${error.message}`]);
  throw error;
}

/** Migrates where a role for that is at hand, and returns the URL to serve requests with. */
async function applicationUrl(settings: Settings, databaseUrl: string): Promise<string> {
  const { DATABASE_ADMIN_URL, production } = settings;
  if (DATABASE_ADMIN_URL) await withDatabase(DATABASE_ADMIN_URL, migrate);
  if (production || !(await withDatabase(databaseUrl, describeRole)).privileged) return databaseUrl;
  return prepareDatabase({ adminUrl: databaseUrl, appPassword: developmentSecret(settings, 'database-password') });
}

async function withDatabase<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const { db, close } = await openPostgres({ url, max: 1 });
  return work(db).finally(close);
}

/** @throws PackhouseError `unavailable` for a database that is behind; one that is ahead serves as well */
export async function checkMigrations(db: Queryable): Promise<void> {
  const missing = (await migrationStatus(db)).filter(({ appliedAt }) => !appliedAt);
  if (missing.length === 0) return;
  throw new PackhouseError(
    'unavailable',
    `The database lacks ${missing.length} migrations (the first: ${missing[0]?.name}). ` +
      `Set DATABASE_ADMIN_URL to a role that may run them.`,
  );
}
