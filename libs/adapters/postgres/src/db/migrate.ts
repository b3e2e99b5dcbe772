import { PackhouseError } from '@packhouse/core';
import type { Db, Queryable } from './db.js';
import { readMigrations, type Migration, type MigrationFile } from './migrations.js';
import { requirePgvector } from './require-pgvector.js';

/** Any number will do; all migrations of one database wait for the same. */
const LOCK = 7_225_448;

export interface MigrationStatus extends Migration {
  /** When it ran here; null for one that has yet to. */
  readonly appliedAt: Date | null;
}

/**
 * Brings the database to this version's schema and returns what it ran. Each migration is one transaction under a lock,
 * so processes that start together may all call this. Forward only: the way back is a backup.
 *
 * @param admin connected as a role that may create roles and extensions
 * @throws PackhouseError `conflict` for a migration that was changed after it ran here, or a database that a newer
 *   version of this package has migrated; `unsupported` for a server without pgvector >= 0.8.0
 */
export async function migrate(admin: Db): Promise<Migration[]> {
  const known = await readMigrations();
  await refuseNewer(admin, known);
  const ran: Migration[] = [];
  for (const migration of known) {
    if (await admin.tx((tx) => apply(tx, migration))) ran.push(migration);
  }
  await requirePgvector(admin);
  return ran.map(({ version, name, checksum }) => ({ version, name, checksum }));
}

/** Every migration this package knows, and whether it ran here. Works as the application's role. */
export async function migrationStatus(db: Queryable): Promise<MigrationStatus[]> {
  const applied = await readApplied(db);
  const known = await readMigrations();
  return known.map(({ version, name, checksum }) => {
    const appliedAt = applied.find((row) => row.version === version)?.applied_at ?? null;
    return { version, name, checksum, appliedAt };
  });
}

async function apply(tx: Queryable, migration: MigrationFile): Promise<boolean> {
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
  await tx.query(LEDGER);
  const before = (await readApplied(tx)).find(({ version }) => version === migration.version);
  if (before) return refuseChanged(before, migration);
  await tx.query(migration.sql);
  await tx.query('set local role none');
  await tx.query('insert into packhouse.migrations (version, name, checksum) values ($1, $2, $3)', [
    migration.version,
    migration.name,
    migration.checksum,
  ]);
  return true;
}

const LEDGER = `
  create schema if not exists packhouse;
  create table if not exists packhouse.migrations (
    version int primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`;

interface Applied {
  version: number;
  checksum: string;
  applied_at: Date;
}

async function readApplied(db: Queryable): Promise<Applied[]> {
  const [ledger] = await db.query(`select from pg_tables where schemaname = 'packhouse' and tablename = 'migrations'`);
  return ledger ? db.query<Applied & object>('select version, checksum, applied_at from packhouse.migrations') : [];
}

function refuseChanged(before: Applied, migration: MigrationFile): false {
  if (before.checksum === migration.checksum) return false;
  throw new PackhouseError(
    'conflict',
    `Migration ${migration.version} (${migration.name}) is not the one that ran on this database. Install the version ` +
      `of @packhouse/postgres that migrated it, or restore a backup of before.`,
  );
}

async function refuseNewer(db: Queryable, known: readonly Migration[]): Promise<void> {
  const unknown = (await readApplied(db)).find(({ version }) => version > (known.at(-1)?.version ?? 0));
  if (!unknown) return;
  throw new PackhouseError(
    'conflict',
    `This database has migration ${unknown.version}, of a newer version of @packhouse/postgres. Install that one.`,
  );
}
