import type { TenantTx } from '../db/db.js';

/** Keeps a generation that is being built from becoming active without an operator's word, and says why. */
export async function holdGeneration(tx: TenantTx, model: string, why: string, signal?: AbortSignal): Promise<void> {
  await tx.query(
    `update packhouse.embedding_models set held = $3 where tenant_id = $1 and model = $2 and state = 'building'`,
    [tx.tenant, model, why],
    signal,
  );
}
