import { PackhouseError } from '@packhouse/core';
import { sqlState } from '../db/database-error.js';
import type { TenantTx } from '../db/db.js';
import type { TermCounts } from './analysis/count-terms.js';
import { TERM_SPACE } from './analysis/term-index.js';
import { termWeight } from './bm25.js';
import { describedColumns } from './described-columns.js';
import type { StorableChunk } from './storable-chunk.js';
import { arrayBinary, sparsevecBinary } from './vectors-binary.js';

/** A chunk that is new to the store, analysed. */
export interface AddedChunk extends StorableChunk {
  readonly terms: TermCounts;
}

/** Rows a statement. */
const BATCH = 1_000;

/** Inserts chunks and their terms, weighed with this mean length. */
export async function insertChunks(
  tx: TenantTx,
  chunks: readonly AddedChunk[],
  meanLength: number,
  signal?: AbortSignal,
): Promise<void> {
  for (let start = 0; start < chunks.length; start += BATCH) {
    const batch = chunks.slice(start, start + BATCH);
    await tx.query(INSERT_CHUNKS, chunkParams(tx, batch), signal).catch(idTaken);
    await tx.query(INSERT_TERMS, termParams(tx, batch, meanLength), signal);
  }
}

const INSERT_CHUNKS = `
  insert into packhouse.chunks (tenant_id, chunk_id, ordinal, span_start, span_end, pages, source, attributes,
    collection, document_id, body, digest)
  select $1, chunk_id, ordinal, span_start, span_end, pages::jsonb, source, attributes::jsonb, $9, $10, body, digest
  from unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[], $11::text[], $12::text[])
    as added(chunk_id, ordinal, span_start, span_end, pages, source, attributes, body, digest)`;

function chunkParams(tx: TenantTx, chunks: readonly AddedChunk[]): unknown[] {
  return [
    tx.tenant,
    ...describedColumns(chunks),
    chunks[0]?.collection,
    chunks[0]?.documentId,
    chunks.map(({ text }) => text),
    chunks.map(({ digest }) => digest),
  ];
}

const INSERT_TERMS = `
  insert into packhouse.chunk_terms (tenant_id, chunk_id, collection, length, terms)
  select $1, chunk_id, $2, length, terms
  from unnest($3::text[], $4::int[], $5::sparsevec[]) as added(chunk_id, length, terms)`;

function termParams(tx: TenantTx, chunks: readonly AddedChunk[], meanLength: number): unknown[] {
  return [
    tx.tenant,
    chunks[0]?.collection,
    chunks.map(({ id }) => id),
    chunks.map(({ terms }) => terms.length),
    arrayBinary(chunks.map(({ terms }) => weights(terms, meanLength))),
  ];
}

function weights({ counts, length }: TermCounts, meanLength: number): Buffer {
  const entries = Array.from(counts, ([term, count]): [number, number] => [
    term,
    termWeight(count, length, meanLength),
  ]);
  return sparsevecBinary(new Map(entries), TERM_SPACE);
}

const UNIQUE_VIOLATION = '23505';

function idTaken(error: unknown): never {
  if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
  const message = "A chunk has the id of another document's: ids are unique within a tenant.";
  throw new PackhouseError('invalid_request', message, { cause: error, param: 'chunks' });
}
