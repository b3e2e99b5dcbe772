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
  type TenantTx,
} from '@packhouse/postgres';

export type ApiKeyRequest = Omit<NewApiKey, 'digest'>;

export interface CreatedApiKey {
  readonly row: ApiKeyRow;
  /** The key itself: to be shown now, and never again. */
  readonly key: string;
}

export async function createKey(
  db: Db,
  tenant: TenantId,
  request: ApiKeyRequest,
  signal?: AbortSignal,
): Promise<CreatedApiKey> {
  const keyId = newKeyId();
  const key = newApiKey(tenant, keyId);
  const insert = (tx: TenantTx) => apiKeys.insert(tx, keyId, { ...request, digest: apiKeyDigest(key) });
  const row = await asTenant(db, tenant, insert, signal);
  return { row, key };
}

export function listKeys(db: Db, tenant: TenantId, page: PageRequest, signal?: AbortSignal): Promise<Page<ApiKeyRow>> {
  return asTenant(db, tenant, (tx) => apiKeys.list(tx, page), signal);
}

/** From the next request on the key is refused. @throws PackhouseError `not_found` */
export async function revokeKey(db: Db, tenant: TenantId, keyId: string, signal?: AbortSignal): Promise<void> {
  const revoked = await asTenant(db, tenant, (tx) => apiKeys.delete(tx, keyId), signal);
  if (!revoked) throw new PackhouseError('not_found', `There is no API key "${keyId}".`);
}
