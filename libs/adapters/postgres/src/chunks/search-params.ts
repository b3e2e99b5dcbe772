import { PackhouseError, type SearchOptions } from '@packhouse/core';
import type { TenantReads } from '../db/db.js';
import { storableIds } from './storable-ids.js';

/** A statement's parameters, gathered while it is written. */
export interface SearchParams {
  readonly values: readonly unknown[];
  /** How many candidates. Stands in the SQL as a number: a plan for any number would be one for a tenth of all rows. */
  readonly depth: number;
  /** The condition that a row's `collection` is one of those searched. Dearer with each row for a list than for one. */
  readonly isSearched: string;
  /** Adds a value and returns the `$n` that stands for it. */
  bind(value: unknown): string;
}

/** Of every search: `$1` is the tenant. */
export function searchParams(
  { tenant }: Pick<TenantReads, 'tenant'>,
  { limit, collections }: SearchOptions,
  depth = limit,
): SearchParams {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new PackhouseError('invalid_request', 'A search needs a limit of 1 or more.', { param: 'limit' });
  const values: unknown[] = [tenant];
  const bind = (value: unknown) => `$${values.push(value)}`;
  return { values, depth, isSearched: collections ? among(storableIds(collections), bind) : 'true', bind };
}

function among(collections: readonly string[], bind: SearchParams['bind']): string {
  const [only, ...others] = collections;
  return only !== undefined && others.length === 0
    ? `collection = ${bind(only)}`
    : `collection = any(${bind(collections)}::text[])`;
}

/** The condition that a score is as much as the search asks for. */
export function scoresEnough(score: string, { minScore }: SearchOptions, { bind }: SearchParams): string {
  return minScore === undefined ? 'true' : `${score} >= ${bind(minScore)}::float8`;
}
