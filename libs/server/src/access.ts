import type { TenantId } from '@packhouse/core';
import { openAdmin, resumeTenant, suspendTenant, type ApiKeyRow, type Db } from '@packhouse/postgres';
import { createKey, listKeys, revokeKey, type ApiKeyRequest, type CreatedApiKey } from './library/api-keys.js';
import { openDatabase } from './parts/database.js';
import { SettingsError, type Settings } from './settings/settings.js';

// What the command line does about who is let in. Each opens the database that the settings name, and closes it.

export function createApiKey(settings: Settings, tenant: TenantId, request: ApiKeyRequest): Promise<CreatedApiKey> {
  return serving(settings, (db) => createKey(db, tenant, request));
}

/** A tenant's keys, the oldest first. */
export async function* listApiKeys(settings: Settings, tenant: TenantId): AsyncGenerator<ApiKeyRow> {
  const { db, close } = await openDatabase(settings);
  try {
    for (let after: string | undefined, more = true; more;) {
      const page = await listKeys(db, tenant, { limit: 100, order: 'asc', after });
      yield* page.data;
      [after, more] = [page.data.at(-1)?.keyId, page.hasMore];
    }
  } finally {
    await close();
  }
}

/** @throws PackhouseError `not_found` */
export function revokeApiKey(settings: Settings, tenant: TenantId, keyId: string): Promise<void> {
  return serving(settings, (db) => revokeKey(db, tenant, keyId));
}

/** Has the tenant's callers refused, by running servers within 5 s. @throws SettingsError without an administrator's role */
export function suspend(settings: Settings, tenant: TenantId): Promise<void> {
  return administering(settings, (db) => suspendTenant(db, tenant));
}

/** @throws PackhouseError `not_found` for a tenant that is not suspended; SettingsError as {@link suspend} */
export function resume(settings: Settings, tenant: TenantId): Promise<void> {
  return administering(settings, (db) => resumeTenant(db, tenant));
}

async function serving<T>(settings: Settings, work: (db: Db) => Promise<T>): Promise<T> {
  const { db, close } = await openDatabase(settings);
  return work(db).finally(close);
}

/** The embedded database's session may become any role. */
async function administering<T>(settings: Settings, work: (db: Db) => Promise<T>): Promise<T> {
  const { DATABASE_URL, DATABASE_ADMIN_URL, production } = settings;
  const url = DATABASE_ADMIN_URL ?? (production ? undefined : DATABASE_URL);
  if (!url && !DATABASE_URL) return serving(settings, work);
  if (!url) throw new SettingsError(['DATABASE_ADMIN_URL: is needed: what serves requests may not do this']);
  const { db, close } = await openAdmin(url);
  return work(db).finally(close);
}
