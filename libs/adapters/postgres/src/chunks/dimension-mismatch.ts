import { PackhouseError } from '@packhouse/core';
import { sqlState } from '../db/database-error.js';

const DATA_EXCEPTION = '22000';

export function dimensionMismatch(model: string, cause?: unknown): PackhouseError {
  const message = `The vector has not as many dimensions as those of ${model} that are stored. Name another model, or embed again.`;
  return new PackhouseError('dimension_mismatch', message, { cause });
}

/** pgvector refuses to compare vectors of different lengths; says so in our words. */
export async function namingDimensions<T>(model: string, search: Promise<T>): Promise<T> {
  return search.catch((error: unknown) => {
    const differs =
      sqlState(error) === DATA_EXCEPTION && /different \w+ dimensions|expected \d+ dimensions/.test(String(error));
    throw differs ? dimensionMismatch(model, error) : error;
  });
}
