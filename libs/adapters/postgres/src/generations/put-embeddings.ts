import { PackhouseError } from '@packhouse/core';
import { lockCorpus } from '../chunks/lock-corpus.js';
import { arrayBinary, vectorBinary } from '../chunks/vectors-binary.js';
import type { TenantTx } from '../db/db.js';
import { generationOf, withFingerprint } from './fingerprint.js';
import { listGenerations } from './generation.js';

/** A vector for a chunk that is stored already. */
export interface ChunkEmbedding {
  readonly id: string;
  readonly vector: Float32Array;
  /** Of the text that was embedded: a chunk whose text is another by now gets no vector. Without it, any text's. */
  readonly digest?: string;
}

/** Rows a statement. */
const BATCH = 1_000;

/**
 * Stores vectors of a model beside those that the chunks have, within the caller's transaction. A chunk that is gone, or
 * has its vector of this model already, is left as it is. Returns how many vectors are new.
 *
 * @throws PackhouseError `not_found` for a model without a generation, `dimension_mismatch`, `invalid_request` for a
 *   vector that is not of numbers. Nothing is written then.
 */
export async function putEmbeddings(
  tx: TenantTx,
  model: string,
  embeddings: readonly ChunkEmbedding[],
  signal?: AbortSignal,
): Promise<number> {
  await lockCorpus(tx, signal);
  const generations = await listGenerations(tx, signal);
  const { generation } = generationOf(generations, model);
  for (const { id, vector } of embeddings) {
    withFingerprint(generations, { model, dimensions: vector.length });
    if (!vector.every(Number.isFinite)) {
      throw new PackhouseError('invalid_request', `The vector of ${id} is not of numbers.`, { param: 'embeddings' });
    }
  }
  let added = 0;
  for (let start = 0; start < embeddings.length; start += BATCH) {
    const batch = embeddings.slice(start, start + BATCH);
    added += (await tx.query(PUT, [tx.tenant, generation, ...columns(batch)], signal)).length;
  }
  return added;
}

function columns(embeddings: readonly ChunkEmbedding[]): unknown[] {
  return [
    embeddings.map(({ id }) => id),
    embeddings.map(({ digest }) => digest ?? null),
    arrayBinary(embeddings.map(({ vector }) => vectorBinary(vector))),
  ];
}

const PUT = `
  insert into packhouse.chunk_vectors (tenant_id, generation, chunk_id, collection, embedding)
  select $1, $2, c.chunk_id, c.collection, put.vector::halfvec
  from unnest($3::text[], $4::text[], $5::vector[]) as put(chunk_id, digest, vector)
    join packhouse.chunks c on c.tenant_id = $1 and c.chunk_id = put.chunk_id and c.digest = coalesce(put.digest, c.digest)
  on conflict (tenant_id, generation, chunk_id) do nothing
  returning 1`;
