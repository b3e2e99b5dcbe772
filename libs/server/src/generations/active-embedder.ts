import type { Embedder, TenantId } from '@packhouse/core';
import { asTenant, generations, type Db } from '@packhouse/postgres';
import type { Embedders } from '../parts/embedder.js';

/**
 * The model that a tenant's questions are to be embedded with at this moment: its active generation's, or the current one
 * where the tenant has no vectors. Undefined where this process does not have the active one open.
 */
export async function activeEmbedder(
  db: Db,
  embedders: Embedders,
  tenant: TenantId,
  signal?: AbortSignal,
): Promise<Embedder | undefined> {
  const all = await asTenant(db, tenant, (tx) => generations.list(tx), signal);
  const active = all.find(({ state }) => state === 'active');
  return active ? embedders.named(active.model) : embedders.current;
}
