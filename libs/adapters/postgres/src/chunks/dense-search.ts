import type { TenantReads } from '../db/db.js';
import { exactLeg, indexedLeg, type DenseLegWriter } from './dense-leg.js';
import { namingDimensions } from './dimension-mismatch.js';
import { runSearch, type SearchStatement } from './search-statement.js';
import { indexedSpace, type IndexedSpace } from './vector-space.js';

/**
 * Runs a search by vector: exactly, or for what is searched by its index, by that. The exact statement finds out which by
 * itself, so that most tenants pay for no other; it gives nothing where it does not apply.
 *
 * @param write makes the statement of either leg
 */
export async function denseSearch<Row extends object>(
  reads: TenantReads,
  model: string,
  write: (leg: DenseLegWriter) => SearchStatement,
  signal?: AbortSignal,
): Promise<Row[]> {
  const found = await namingDimensions(model, runSearch<Row>(reads, write(exactLeg), signal));
  if (found.length > 0) return found;
  const space = await indexedSpace(reads, model, signal);
  if (!space) return found;
  // What the index is searched with is set for this transaction, and not for what the caller does after.
  return reads.transaction(async (tx) => {
    await tx.query(SEARCH_BY_INDEX, [candidatesInHand(space)], signal);
    const { sql, values } = write(indexedLeg(space));
    const rows = await namingDimensions(model, tx.query<Row>(sql, values, signal));
    await tx.query('set local enable_sort to default', undefined, signal);
    return rows;
  }, signal);
}

/**
 * That the scan goes on where restrictions leave too few, out of order, takes memory. Without sorting there is one way to
 * the order that is asked for, the index: the planner would weigh it against reading everything, by statistics that may be
 * old.
 */
const SEARCH_BY_INDEX = `
  select set_config('hnsw.ef_search', $1, true), set_config('hnsw.iterative_scan', 'relaxed_order', true),
    set_config('hnsw.scan_mem_multiplier', '8', true), set_config('enable_sort', 'off', true)`;

/**
 * How many candidates the index keeps in hand (`ef_search`; pgvector takes 1,000 at most). Questions about what a tenant has
 * need few. Those unlike anything it has, to which everything is about as far, need more the more there is, or miss some
 * of the nearest.
 */
function candidatesInHand({ chunks }: IndexedSpace): number {
  return Math.min(Math.max(600, Math.round(chunks / 40)), 1_000);
}
