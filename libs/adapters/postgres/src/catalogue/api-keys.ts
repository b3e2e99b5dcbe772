import type { TenantTx } from '../db/db.js';
import { newId } from './ids.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { ensureTenant } from './tenants.js';

/** A key that opens a tenant's API, as it may be shown: the key itself is kept nowhere. */
export interface ApiKeyRow {
  /** `key_` and 24 letters and digits. */
  readonly keyId: string;
  readonly name: string;
  readonly role: ApiKeyRole;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** To the minute; null for one that was never used. */
  readonly lastUsedAt: Date | null;
}

export type ApiKeyRole = 'reader' | 'writer' | 'admin';

export interface NewApiKey {
  readonly name: string;
  readonly role: ApiKeyRole;
  /** SHA-256 of the key. */
  readonly digest: Uint8Array;
  /** @default never */
  readonly expiresAt?: Date | null | undefined;
}

/** What a presented key is held against. */
export interface ApiKeyMatch {
  readonly role: ApiKeyRole;
  readonly digest: Uint8Array;
  /** Whether its use was noted within the last minute. */
  readonly noted: boolean;
}

export function newKeyId(): string {
  return newId('key_');
}

/** A tenant's API keys. */
export const apiKeys = {
  /** @param keyId as it stands in the key, from {@link newKeyId} */
  async insert(tx: TenantTx, keyId: string, key: NewApiKey, signal?: AbortSignal): Promise<ApiKeyRow> {
    await ensureTenant(tx, signal);
    const { name, role, digest, expiresAt = null } = key;
    const params = [tx.tenant, keyId, name, role, Buffer.from(digest), expiresAt];
    const [row] = await tx.query<ApiKeyRow>(INSERT, params, signal);
    return row as ApiKeyRow;
  },

  /** The key of that id, where it has not expired. */
  async find(tx: TenantTx, keyId: string, signal?: AbortSignal): Promise<ApiKeyMatch | null> {
    const [row] = await tx.query<ApiKeyMatch>(FIND, [tx.tenant, keyId], signal);
    return row ?? null;
  },

  list(tx: TenantTx, page: PageRequest, signal?: AbortSignal): Promise<Page<ApiKeyRow>> {
    return readPage(tx, { ...LIST, params: [tx.tenant] }, page, signal);
  },

  /** Notes that the key was used, to the minute: a request need not write each time. */
  async touch(tx: TenantTx, keyId: string, signal?: AbortSignal): Promise<void> {
    await tx.query(TOUCH, [tx.tenant, keyId], signal);
  },

  /** False where there is no such key. */
  async delete(tx: TenantTx, keyId: string, signal?: AbortSignal): Promise<boolean> {
    return (await tx.query(DELETE, [tx.tenant, keyId], signal)).length > 0;
  },
};

const COLUMNS = `key_id as "keyId", name, role, created_at as "createdAt", expires_at as "expiresAt",
  last_used_at as "lastUsedAt"`;

const INSERT = `
  insert into packhouse.api_keys (tenant_id, key_id, name, role, digest, expires_at)
  values ($1, $2, $3, $4, $5, $6)
  returning ${COLUMNS}`;

const FIND = `
  select role, digest, coalesce(last_used_at > now() - interval '1 minute', false) as noted
  from packhouse.api_keys where tenant_id = $1 and key_id = $2 and (expires_at is null or expires_at > now())`;

const LIST = { columns: COLUMNS, table: 'packhouse.api_keys', id: 'key_id', where: 'tenant_id = $1' };

const TOUCH = `
  update packhouse.api_keys set last_used_at = now()
  where tenant_id = $1 and key_id = $2 and (last_used_at is null or last_used_at < now() - interval '1 minute')`;

const DELETE = `delete from packhouse.api_keys where tenant_id = $1 and key_id = $2 returning 1`;
