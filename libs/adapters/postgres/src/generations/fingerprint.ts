import { PackhouseError } from '@packhouse/core';
import { dimensionMismatch } from '../chunks/dimension-mismatch.js';
import type { Fingerprint, Generation } from './generation.js';

/** As pgvector's halfvec can be indexed, and as a row still fits a page. */
const MAX_DIMENSIONS = 4_000;

/** @throws PackhouseError `dimension_mismatch` for vectors that no column can hold */
export function checkStorable({ model, dimensions }: Fingerprint): void {
  if (Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= MAX_DIMENSIONS) return;
  const message = `Vectors of ${model} have ${dimensions} dimensions; 1 to ${MAX_DIMENSIONS} can be stored.`;
  throw new PackhouseError('dimension_mismatch', message);
}

/**
 * The generation with this fingerprint; undefined where the tenant has none of the model.
 *
 * @throws PackhouseError `dimension_mismatch` where the model's vectors were of another length until now
 */
export function withFingerprint(
  generations: readonly Generation[],
  { model, dimensions }: Fingerprint,
): Generation | undefined {
  const found = generations.find((generation) => generation.model === model);
  if (found && found.dimensions !== dimensions) throw dimensionMismatch(model);
  return found;
}

/** @throws PackhouseError `not_found` for a model that the tenant has no generation of */
export function generationOf(generations: readonly Generation[], model: string): Generation {
  const found = generations.find((generation) => generation.model === model);
  if (found) return found;
  const known = generations.map((generation) => generation.model).join(', ') || 'none';
  throw new PackhouseError('not_found', `There is no generation of ${model}; there are: ${known}. Begin it first.`);
}
