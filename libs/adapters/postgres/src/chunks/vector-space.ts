import type { TenantTx } from '../db/db.js';

/**
 * Chunks of a tenant from which an index is used, where there is one. An exact search reads all of a tenant's vectors, and
 * up to here does so as fast as the index would answer, without its errors.
 */
export const EXACT_BELOW = 20_000;

/** One generation's vectors, large enough to be indexed, and indexed. */
export interface IndexedSpace {
  readonly generation: number;
  readonly dimensions: number;
  /** The tenant's. */
  readonly chunks: number;
}

/**
 * The SQL of the CTE `space`: the generation of a model, its dimensions, and whether it is searched by its index. That
 * hangs on the count that every write keeps, and on the index being there and whole; never on the planner.
 */
export const spaceSql = (model: string) => `
  space as materialized (
    select generation, dimensions, chunks, coalesce(chunks >= ${EXACT_BELOW} and (
      select indisvalid from pg_index
      where indexrelid = to_regclass('packhouse.' || packhouse.vector_index($1, generation, dimensions))
    ), false) as indexed
    from packhouse.embedding_models left join packhouse.corpus using (tenant_id)
    where tenant_id = $1 and model = ${model}
  )`;

/** The space of a model's vectors if it is searched by its index. */
export async function indexedSpace(
  tx: TenantTx,
  model: string,
  signal?: AbortSignal,
): Promise<IndexedSpace | undefined> {
  const sql = `with ${spaceSql('$2')} select generation, dimensions, chunks from space where indexed`;
  const [space] = await tx.query<IndexedSpace>(sql, [tx.tenant, model], signal);
  return space;
}
