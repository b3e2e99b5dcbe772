import { PackhouseError, type SearchOptions } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { storableIds } from './storable-ids.js';

/** A statement's parameters, gathered while it is written. */
export interface SearchParams {
  readonly values: readonly unknown[];
  /** Adds a value and returns the `$n` that stands for it. */
  bind(value: unknown): string;
}

/** `$1` to `$3` of every search: tenant, collections (null for all), how many candidates. */
export function searchParams(tx: TenantTx, { limit, collections }: SearchOptions, depth = limit): SearchParams {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new PackhouseError('invalid_request', 'A search needs a limit of 1 or more.', { param: 'limit' });
  const values: unknown[] = [tx.tenant, collections ? storableIds(collections) : null, depth];
  return { values, bind: (value) => `$${values.push(value)}` };
}

/** The condition that a score is as much as the search asks for. */
export function scoresEnough(score: string, { minScore }: SearchOptions, { bind }: SearchParams): string {
  return minScore === undefined ? 'true' : `${score} >= ${bind(minScore)}::float8`;
}
