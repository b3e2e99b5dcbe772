import type { TenantReads } from '../db/db.js';

/** What BM25 needs to know of a tenant's chunks that one analyzer analysed. */
export interface Analysis {
  readonly chunks: number;
  /** The sum of their lengths, in terms. */
  readonly terms: number;
  /** The mean length that every stored weight was computed with. */
  readonly weightedLength: number;
}

interface Row extends Analysis {
  analyzer: string;
}

/** What a tenant has of each analyzer, by the analyzer's name. */
export async function analyses(
  reads: Pick<TenantReads, 'tenant' | 'query' | 'prepared'>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Analysis>> {
  const run = reads.prepared ?? reads.query;
  const rows = await run<Row>(
    `select analyzer, chunks, terms, weighted_length as "weightedLength" from packhouse.analyses where tenant_id = $1`,
    [reads.tenant],
    signal,
  );
  return new Map(rows.map(({ analyzer, ...analysis }) => [analyzer, analysis]));
}

/** How far the mean length may move before the stored weights follow it. */
export const TOLERANCE = 0.1;

/** The mean length to weigh with, given the true counts: the old one while it is near enough. */
export function weighingLength({ chunks, terms, weightedLength }: Analysis): number {
  // Chunks that are all empty have no terms to weigh; any length but zero will do.
  const mean = Math.max(terms / Math.max(chunks, 1), 1);
  const near = Math.abs(mean / weightedLength - 1) <= TOLERANCE;
  return near ? weightedLength : mean;
}
