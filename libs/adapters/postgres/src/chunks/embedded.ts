import type { TenantTx } from '../db/db.js';
import { storableIds } from './storable-ids.js';

/** Which of the chunks have a vector of this model. */
export async function embedded(
  tx: TenantTx,
  ids: readonly string[],
  model: string,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ chunk_id: string }>(
    `select chunk_id from packhouse.chunk_vectors
     where tenant_id = $1 and chunk_id = any($2::text[])
       and generation = (select generation from packhouse.embedding_models where tenant_id = $1 and model = $3)`,
    [tx.tenant, storableIds(ids), model],
    signal,
  );
  return new Set(rows.map(({ chunk_id }) => chunk_id));
}
