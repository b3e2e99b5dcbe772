import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PackhouseError } from '@packhouse/core';
import {
  checkRole,
  describeRole,
  migrationStatus,
  openPostgres,
  requirePgvector,
  type Queryable,
} from '@packhouse/postgres';
import type { Settings } from '../settings/settings.js';
import { messageOf, type Finding } from './finding.js';

/** Whether the database can be reached and used as a server would use it. */
export async function* databaseFindings(settings: Settings, signal: AbortSignal): AsyncGenerator<Finding> {
  const { DATABASE_URL, DATABASE_ADMIN_URL } = settings;
  if (DATABASE_URL) yield* connected('DATABASE_URL', DATABASE_URL, signal, (db) => serving(db, settings));
  else yield await embedded(settings);
  if (DATABASE_ADMIN_URL)
    yield* connected('DATABASE_ADMIN_URL', DATABASE_ADMIN_URL, signal, (db) => [administrator(db)]);
}

type Check = Promise<Finding>;

const VERSION = `select current_setting('server_version') as version`;

async function* connected(
  setting: string,
  url: string,
  signal: AbortSignal,
  checks: (db: Queryable) => Check[],
): AsyncGenerator<Finding> {
  const { host, pathname } = new URL(url);
  const { db, close } = await openPostgres({ url, max: 1 });
  try {
    const [server] = await db.query<{ version: string }>(VERSION, [], signal);
    yield finding('ok', `${setting}: PostgreSQL ${server?.version} at ${host}${pathname}`);
    for (const check of checks(db)) yield await check;
  } catch (error) {
    yield finding('fault', `${setting}: ${host}${pathname}: ${messageOf(error)}`, mendOf(error, setting));
  } finally {
    await close();
  }
}

const finding = (state: Finding['state'], found: string, mend?: string): Finding => ({
  area: 'database',
  state,
  found,
  ...(mend && { mend }),
});

/** By what PostgreSQL, or the system before it, reports. */
const MENDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Start PostgreSQL there, or correct host and port.',
  ENOTFOUND: 'Correct the host: no such name is known.',
  '28P01': 'Correct the password.',
  '28000': 'Correct role and password, or let the role in (pg_hba.conf).',
  '3D000': 'Make the database (createdb), or correct its name.',
};

function mendOf(error: unknown, setting: string): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return MENDS[cause?.code ?? code ?? ''] ?? `Is ${setting} right, and may this machine connect there?`;
}

function serving(db: Queryable, settings: Settings): Check[] {
  return [role(db, settings), pgvector(db, settings), migrations(db, settings)];
}

async function role(db: Queryable, { production }: Settings): Check {
  const { name, privileged } = await describeRole(db);
  if (!production) {
    return finding('ok', `role ${name}${privileged ? ', with which the server goes on as packhouse_app' : ''}`);
  }
  const fault = await checkRole(db).then(() => undefined, messageOf);
  return fault === undefined ? finding('ok', `role ${name}, bound by row-level security`) : finding('fault', fault);
}

async function pgvector(db: Queryable, { production }: Settings): Check {
  const [known] = await db.query<{ installed: string | null; available: string }>(
    `select installed_version as installed, default_version as available
     from pg_available_extensions where name = 'vector'`,
  );
  if (!known) return finding('fault', 'pgvector is not on the server', 'Install it: postgresql-NN-pgvector on Debian.');
  if (known.installed === null) return finding('ok', `pgvector ${known.available}, which migrating installs`);
  const version = `pgvector ${known.installed}`;
  return requirePgvector(db, { production }).then(
    (advice) => (advice ? finding('warning', version, advice) : finding('ok', version)),
    (error: unknown) => finding('fault', version, messageOf(error)),
  );
}

async function migrations(db: Queryable, { DATABASE_ADMIN_URL, production }: Settings): Check {
  const all = await migrationStatus(db);
  const missing = all.filter(({ appliedAt }) => !appliedAt).length;
  if (missing === 0) return finding('ok', `all ${all.length} migrations have run`);
  const found = `${missing} of ${all.length} migrations have not run`;
  const byServer = DATABASE_ADMIN_URL !== undefined || (!production && (await describeRole(db)).privileged);
  return byServer
    ? finding('warning', found, 'Run packhouse migrate, or leave it to the next start of the server.')
    : finding('fault', found, 'Set DATABASE_ADMIN_URL to a role that may run them, then: packhouse migrate');
}

async function administrator(db: Queryable): Check {
  const { name, privileged } = await describeRole(db);
  if (privileged) return finding('ok', `role ${name}, which may migrate`);
  return finding('fault', `role ${name} may not migrate`, 'Name one that owns the tables or may create roles.');
}

/** Opened as the server would, and by that brought up to date; but not made, where there is none. */
async function embedded({ PACKHOUSE_DATA }: Settings): Check {
  const folder = resolve(PACKHOUSE_DATA);
  if (!existsSync(join(folder, 'pglite'))) return finding('ok', `embedded, to be made in ${folder} at the first start`);
  const { openPglite } = await import('@packhouse/postgres/pglite');
  try {
    const { db, close } = await openPglite(folder);
    const all = await migrationStatus(db).finally(close);
    return finding('ok', `embedded, in ${folder}, opens; all ${all.length} migrations have run`);
  } catch (error) {
    // By the server, if one is up; whether that is well has been asked of it.
    if (PackhouseError.is(error, 'conflict') && /in use by/.test(error.message)) {
      return finding('ok', `embedded: ${error.message.replace(/\. .*/, '')}`);
    }
    return finding(
      'fault',
      `embedded, in ${folder}: ${messageOf(error)}`,
      'Restore a backup, or choose another folder.',
    );
  }
}
