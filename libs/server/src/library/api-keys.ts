import { PackhouseError, type TenantId } from '@packhouse/core';
import { apiKeyDigest, newApiKey } from '@packhouse/nest/api-key';
import {
  apiKeys,
  asTenant,
  newKeyId,
  type ApiKeyRow,
  type Db,
  type NewApiKey,
  type Page,
  type PageRequest,
} from '@packhouse/postgres';

export type ApiKeyRequest = Omit<NewApiKey, 'digest'>;

export interface CreatedApiKey {
  readonly row: ApiKeyRow;
  /** The key itself: to be shown now, and never again. */
  readonly key: string;
}

export async function createKey(db: Db, tenant: TenantId, request: ApiKeyRequest): Promise<CreatedApiKey> {
  const keyId = newKeyId();
  const key = newApiKey(tenant, keyId);
  const row = await asTenant(db, tenant, (tx) => apiKeys.insert(tx, keyId, { ...request, digest: apiKeyDigest(key) }));
  return { row, key };
}

export function listKeys(db: Db, tenant: TenantId, page: PageRequest): Promise<Page<ApiKeyRow>> {
  return asTenant(db, tenant, (tx) => apiKeys.list(tx, page));
}

/** From the next request on the key is refused. @throws PackhouseError `not_found` */
export async function revokeKey(db: Db, tenant: TenantId, keyId: string): Promise<void> {
  const revoked = await asTenant(db, tenant, (tx) => apiKeys.delete(tx, keyId));
  if (!revoked) throw new PackhouseError('not_found', `There is no API key "${keyId}".`);
}
