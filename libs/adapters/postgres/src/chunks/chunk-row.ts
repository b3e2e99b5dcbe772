import type { Attributes, Chunk, Hit, PageStart } from '@packhouse/core';

/** The columns of packhouse.chunks (as `c`) that make a chunk. */
export const CHUNK_COLUMNS = `c.chunk_id, c.collection, c.document_id, c.ordinal, c.body, c.span_start, c.span_end,
  c.pages, c.source, c.attributes`;

/**
 * The SQL of a join that adds the chunk `c` of tenant `$1` to each row of a search's few. Chunks are looked up one by one,
 * to which `offset 0` holds the planner: a plan for any tenant takes all partitions for what it reads, and would rather
 * hash every text of the tenant.
 */
export const chunkOf = (row: string) => `cross join lateral (
  select * from packhouse.chunks where tenant_id = $1 and chunk_id = ${row}.chunk_id offset 0) c`;

export interface ChunkRow {
  chunk_id: string;
  collection: string;
  document_id: string;
  ordinal: number;
  body: string;
  span_start: number;
  span_end: number;
  pages: PageStart[];
  source: string;
  attributes: Attributes;
}

export interface HitRow extends ChunkRow {
  score: number;
}

export function toChunk(row: ChunkRow): Chunk {
  return {
    id: row.chunk_id,
    collection: row.collection,
    documentId: row.document_id,
    ordinal: row.ordinal,
    text: row.body,
    span: { start: row.span_start, end: row.span_end },
    pages: row.pages,
    source: row.source,
    attributes: row.attributes,
  };
}

export function toHit(row: HitRow): Hit {
  return { chunk: toChunk(row), score: row.score };
}
