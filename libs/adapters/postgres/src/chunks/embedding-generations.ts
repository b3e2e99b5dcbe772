import { PackhouseError } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { dimensionMismatch } from './dimension-mismatch.js';
import type { StorableChunk } from './storable-chunk.js';

interface Generation {
  generation: number;
  model: string;
  dimensions: number;
}

/** As pgvector's halfvec can be indexed, and as a row still fits a page. */
const MAX_DIMENSIONS = 4_000;

/**
 * The generation of each model that vectors came from; made for a model that is new to the tenant. The caller holds the
 * corpus' lock, so that no two writers number the same.
 *
 * @throws PackhouseError `dimension_mismatch` before anything is written
 */
export async function embeddingGenerations(
  tx: TenantTx,
  chunks: readonly StorableChunk[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const wanted = dimensionsByModel(chunks);
  if (wanted.size === 0) return new Map();
  const stored = await tx.query<Generation>(
    'select generation, model, dimensions from packhouse.embedding_models where tenant_id = $1',
    [tx.tenant],
    signal,
  );
  const generations = new Map(stored.map(({ model, generation }) => [model, generation]));
  for (const { model, dimensions } of stored) {
    if ((wanted.get(model) ?? dimensions) !== dimensions) throw dimensionMismatch(model);
  }
  let last = Math.max(0, ...generations.values());
  for (const [model, dimensions] of wanted) {
    if (generations.has(model)) continue;
    generations.set(model, ++last);
    await addGeneration(tx, { generation: last, model, dimensions }, signal);
  }
  return generations;
}

/** The models these chunks' vectors are of, each with its one number of dimensions. */
function dimensionsByModel(chunks: readonly StorableChunk[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { embedding } of chunks) {
    if (!embedding) continue;
    const { model, vector } = embedding;
    if ((found.get(model) ?? vector.length) !== vector.length) throw dimensionMismatch(model);
    if (vector.length < 1 || vector.length > MAX_DIMENSIONS) throw unstorable(model, vector.length);
    found.set(model, vector.length);
  }
  return found;
}

function unstorable(model: string, dimensions: number): PackhouseError {
  const message = `Vectors of ${model} have ${dimensions} dimensions; 1 to ${MAX_DIMENSIONS} can be stored.`;
  return new PackhouseError('dimension_mismatch', message);
}

async function addGeneration(tx: TenantTx, { generation, model, dimensions }: Generation, signal?: AbortSignal) {
  await tx.query(
    'insert into packhouse.embedding_models (tenant_id, generation, model, dimensions) values ($1, $2, $3, $4)',
    [tx.tenant, generation, model, dimensions],
    signal,
  );
}
