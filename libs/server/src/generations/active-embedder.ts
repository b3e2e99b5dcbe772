import type { Embedder, TenantId } from '@packhouse/core';
import { eachAsTenant, generations, type Db } from '@packhouse/postgres';
import type { Embedders } from '../parts/embedder.js';

/** The model that a tenant's questions are to be embedded with at this moment, as {@link embedderOf} has it. */
export async function activeEmbedder(
  db: Db,
  embedders: Embedders,
  tenant: TenantId,
  signal?: AbortSignal,
): Promise<Embedder | undefined> {
  return embedderOf(embedders, await generations.activeModel(eachAsTenant(db, tenant), signal));
}

/**
 * The model of a tenant's active generation, or the current one where the tenant has no vectors. Undefined where this
 * process does not have the active one open.
 */
export function embedderOf(embedders: Embedders, activeModel: string | undefined): Embedder | undefined {
  return activeModel === undefined ? embedders.current : embedders.named(activeModel);
}
