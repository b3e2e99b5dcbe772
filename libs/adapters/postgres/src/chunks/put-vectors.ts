import type { TenantTx } from '../db/db.js';
import type { StorableChunk } from './storable-chunk.js';
import { arrayBinary, vectorBinary } from './vectors-binary.js';

/** Rows a statement. */
const BATCH = 1_000;

/** Stores the vectors that came with chunks, each in its model's generation. */
export async function putVectors(
  tx: TenantTx,
  chunks: readonly StorableChunk[],
  generations: ReadonlyMap<string, number>,
  signal?: AbortSignal,
): Promise<void> {
  const embedded = chunks.filter(({ embedding }) => embedding);
  for (let start = 0; start < embedded.length; start += BATCH) {
    await tx.query(PUT, params(tx, embedded.slice(start, start + BATCH), generations), signal);
  }
}

const PUT = `
  insert into packhouse.chunk_vectors (tenant_id, generation, chunk_id, collection, embedding)
  select $1, generation, chunk_id, $2, vector::halfvec
  from unnest($3::int[], $4::text[], $5::vector[]) as put(generation, chunk_id, vector)
  on conflict (tenant_id, generation, chunk_id) do update set embedding = excluded.embedding`;

function params(tx: TenantTx, chunks: readonly StorableChunk[], generations: ReadonlyMap<string, number>): unknown[] {
  return [
    tx.tenant,
    chunks[0]?.collection,
    chunks.map(({ embedding }) => generations.get(embedding?.model ?? '')),
    chunks.map(({ id }) => id),
    arrayBinary(chunks.map(({ embedding }) => vectorBinary(embedding?.vector ?? new Float32Array()))),
  ];
}
