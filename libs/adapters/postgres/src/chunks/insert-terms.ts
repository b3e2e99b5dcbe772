import type { Chunk } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import type { TermCounts } from './analysis/count-terms.js';
import { TERM_SPACE } from './analysis/term-index.js';
import { termWeight } from './bm25.js';
import { arrayBinary, sparsevecBinary } from './vectors-binary.js';

/** What places a chunk's terms, and the terms. */
export interface AnalysedChunk extends Pick<Chunk, 'id' | 'collection'> {
  readonly terms: TermCounts;
}

/** Rows a statement. */
const BATCH = 1_000;

/** Inserts the terms of chunks that have none, weighed with these mean lengths, by analyzer. */
export async function insertTerms(
  tx: TenantTx,
  chunks: readonly AnalysedChunk[],
  meanLengths: ReadonlyMap<string, number>,
  signal?: AbortSignal,
): Promise<void> {
  for (let start = 0; start < chunks.length; start += BATCH) {
    await tx.query(INSERT, params(tx, chunks.slice(start, start + BATCH), meanLengths), signal);
  }
}

const INSERT = `
  insert into packhouse.chunk_terms (tenant_id, chunk_id, collection, analyzer, length, terms)
  select $1, chunk_id, collection, analyzer, length, terms
  from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::sparsevec[])
    as added(chunk_id, collection, analyzer, length, terms)`;

function params(tx: TenantTx, chunks: readonly AnalysedChunk[], meanLengths: ReadonlyMap<string, number>): unknown[] {
  return [
    tx.tenant,
    chunks.map(({ id }) => id),
    chunks.map(({ collection }) => collection),
    chunks.map(({ terms }) => terms.analyzer),
    chunks.map(({ terms }) => terms.length),
    arrayBinary(chunks.map(({ terms }) => weights(terms, meanLengths.get(terms.analyzer) as number))),
  ];
}

function weights({ counts, length }: TermCounts, meanLength: number): Buffer {
  const weighed = new Map<number, number>();
  for (const [term, count] of counts) weighed.set(term, termWeight(count, length, meanLength));
  return sparsevecBinary(weighed, TERM_SPACE);
}
