import type { TenantTx } from '../db/db.js';
import type { SparseVector } from './sparse-vector.js';
import type { ChunkTerms } from './term-changes.js';

interface Row {
  analyzer: string;
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
    gone.push(...rows.map(chunkTerms));
  }
  return gone;
}

/** Deletes the terms of those chunks that another analyzer than this one analysed; returns what they had, by id. */
export async function deleteOtherTerms(
  tx: TenantTx,
  ids: readonly string[],
  analyzer: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ChunkTerms>> {
  const gone = new Map<string, ChunkTerms>();
  for (let start = 0; start < ids.length; start += BATCH) {
    const params = [tx.tenant, ids.slice(start, start + BATCH), analyzer];
    const rows = await tx.query<Row & { chunk_id: string }>(DELETE_OTHER_TERMS, params, signal);
    for (const row of rows) gone.set(row.chunk_id, chunkTerms(row));
  }
  return gone;
}

function chunkTerms({ analyzer, length, terms }: Row): ChunkTerms {
  return { analyzer, length, terms: terms.indices.map((index) => index + 1) };
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
  returning analyzer, length, terms`;

const DELETE_OTHER_TERMS = `
  delete from packhouse.chunk_terms where tenant_id = $1 and chunk_id = any($2::text[]) and analyzer <> $3
  returning chunk_id, analyzer, length, terms`;
