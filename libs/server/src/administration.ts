import { resolve } from 'node:path';
import {
  APP_ROLE,
  describeRole,
  maintain,
  migrate,
  migrationStatus,
  openAdmin,
  prepareDatabase,
  type Db,
  type MaintenanceStep,
  type MaintainOptions,
  type MigrationStatus,
} from '@packhouse/postgres';
import { SettingsError, type Settings } from './settings/settings.js';

/**
 * Brings the database up to date and returns every migration. The embedded one is brought so by being opened.
 *
 * @throws SettingsError where no role is at hand that may migrate; what `migrate` and `openPglite` throw
 */
export function migrateDatabase(settings: Settings): Promise<MigrationStatus[]> {
  const embedded = !settings.DATABASE_ADMIN_URL && !settings.DATABASE_URL;
  if (embedded) return readMigrations(settings);
  return withDatabase(settings, async (db) => {
    await refuseUnprivileged(db);
    await migrate(db);
    return migrationStatus(db);
  });
}

/**
 * Brings the database up to date and lets packhouse_app log in as DATABASE_URL has it.
 *
 * @throws SettingsError where one of the two URLs is missing or of another role; what `migrate` throws
 */
export async function migrateWithLogin(settings: Settings): Promise<MigrationStatus[]> {
  const { DATABASE_ADMIN_URL, DATABASE_URL } = settings;
  if (!DATABASE_ADMIN_URL) throw new SettingsError(['DATABASE_ADMIN_URL: is needed to give a role its password']);
  const { username, password } = new URL(DATABASE_URL ?? 'none:');
  if (username !== APP_ROLE || !password)
    throw new SettingsError([`DATABASE_URL: is to name the role ${APP_ROLE} and its password`]);
  await prepareDatabase({ adminUrl: DATABASE_ADMIN_URL, appPassword: decodeURIComponent(password) });
  return readMigrations(settings);
}

/** Every migration, and whether it has run. */
export function readMigrations(settings: Settings): Promise<MigrationStatus[]> {
  return withDatabase(settings, migrationStatus);
}

/** Maintains the database that the settings name; undefined for the embedded one, whose searches are all exact. */
export function maintainDatabase(
  { DATABASE_URL, DATABASE_ADMIN_URL, production }: Settings,
  options: Omit<MaintainOptions, 'url'>,
): AsyncGenerator<MaintenanceStep> | undefined {
  const url = DATABASE_ADMIN_URL ?? (production ? undefined : DATABASE_URL);
  if (url) return maintain({ ...options, url });
  if (DATABASE_URL) throw new SettingsError(['DATABASE_ADMIN_URL: is needed to maintain the database']);
  return undefined;
}

async function withDatabase<T>(settings: Settings, work: (db: Db) => Promise<T>): Promise<T> {
  const url = settings.DATABASE_ADMIN_URL ?? settings.DATABASE_URL;
  if (!url) return withEmbedded(settings, work);
  const { db, close } = await openAdmin(url);
  return work(db).finally(close);
}

async function withEmbedded<T>({ PACKHOUSE_DATA }: Settings, work: (db: Db) => Promise<T>): Promise<T> {
  const { openPglite } = await import('@packhouse/postgres/pglite');
  const { db, close } = await openPglite(resolve(PACKHOUSE_DATA));
  return work(db).finally(close);
}

async function refuseUnprivileged(db: Db): Promise<void> {
  const { name, privileged } = await describeRole(db);
  if (!privileged)
    throw new SettingsError([`DATABASE_ADMIN_URL: is needed, because the role "${name}" may not migrate`]);
}
