import { PackhouseError, type SearchOptions } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { storableIds } from './storable-ids.js';

/** `$1` to `$3` of every search: tenant, collections (null for all), how many candidates. */
export function searchParams(
  tx: TenantTx,
  { limit, collections }: SearchOptions,
  depth = limit,
): [string, string[] | null, number] {
  if (Number.isSafeInteger(limit) && limit >= 1)
    return [tx.tenant, collections ? storableIds(collections) : null, depth];
  throw new PackhouseError('invalid_request', 'A search needs a limit of 1 or more.', { param: 'limit' });
}
