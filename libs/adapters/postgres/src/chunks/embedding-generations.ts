import type { TenantTx } from '../db/db.js';
import { addGeneration } from '../generations/add-generation.js';
import { checkStorable, withFingerprint } from '../generations/fingerprint.js';
import { listGenerations, type Fingerprint } from '../generations/generation.js';
import { dimensionMismatch } from './dimension-mismatch.js';
import type { StorableChunk } from './storable-chunk.js';

/**
 * The generation of each model that vectors came from; made for a model that is new to the tenant. The caller holds the
 * corpus' lock, so that no two writers make the same.
 *
 * @throws PackhouseError `dimension_mismatch` before anything is written
 */
export async function embeddingGenerations(
  tx: TenantTx,
  chunks: readonly StorableChunk[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const wanted = fingerprints(chunks);
  if (wanted.length === 0) return new Map();
  const stored = await listGenerations(tx, signal);
  const missing = wanted.filter((fingerprint) => !withFingerprint(stored, fingerprint));
  for (const fingerprint of missing) stored.push(await addGeneration(tx, fingerprint, signal));
  return new Map(stored.map(({ model, generation }) => [model, generation]));
}

/** The models these chunks' vectors are of, each with its one number of dimensions. */
function fingerprints(chunks: readonly StorableChunk[]): Fingerprint[] {
  const found = new Map<string, Fingerprint>();
  for (const { embedding } of chunks) {
    if (!embedding) continue;
    const { model, vector } = embedding;
    const fingerprint = { model, dimensions: vector.length };
    checkStorable(fingerprint);
    if ((found.get(model) ?? fingerprint).dimensions !== vector.length) throw dimensionMismatch(model);
    found.set(model, fingerprint);
  }
  return [...found.values()];
}
