import type { TenantTx } from '../db/db.js';
import type { SparseVector } from './sparse-vector.js';
import type { ChunkTerms } from './term-changes.js';

interface Row {
  length: number;
  terms: SparseVector;
}

/** Chunks whose terms are in memory at once. */
const BATCH = 1_000;

/** Deletes chunks with all that belongs to them and returns the terms they had. */
export async function deleteChunks(tx: TenantTx, ids: readonly string[], signal?: AbortSignal): Promise<ChunkTerms[]> {
  const gone: ChunkTerms[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    const rows = await tx.query<Row>(DELETE, [tx.tenant, ids.slice(start, start + BATCH)], signal);
    gone.push(...rows.map(({ length, terms }) => ({ length, terms: terms.indices.map((index) => index + 1) })));
  }
  return gone;
}

/** A chunk's terms would go with it; by then nobody could say which they were. */
const DELETE = `
  with vectors as (
    delete from packhouse.chunk_vectors
    where tenant_id = $1 and chunk_id = any($2::text[])
      and generation in (select generation from packhouse.embedding_models where tenant_id = $1)
  ),
  chunk as (delete from packhouse.chunks where tenant_id = $1 and chunk_id = any($2::text[]))
  delete from packhouse.chunk_terms where tenant_id = $1 and chunk_id = any($2::text[])
  returning length, terms`;
