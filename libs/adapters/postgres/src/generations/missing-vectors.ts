import type { TenantTx } from '../db/db.js';

/** How many of the tenant's chunks have no vector of this generation. */
export async function missingVectors(tx: TenantTx, generation: number, signal?: AbortSignal): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*) from packhouse.chunks c where tenant_id = $1 and ${LACKS_VECTOR}`,
    [tx.tenant, generation],
    signal,
  );
  return (row as { count: number }).count;
}

/** Of a chunk `c`; the tenant is `$1` and the generation `$2`. */
export const LACKS_VECTOR = `
  not exists (
    select from packhouse.chunk_vectors v where v.tenant_id = $1 and v.generation = $2 and v.chunk_id = c.chunk_id
  )`;
