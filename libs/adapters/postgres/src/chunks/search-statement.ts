import type { TenantReads } from '../db/db.js';

/** A search as SQL. */
export interface SearchStatement {
  readonly sql: string;
  readonly values: readonly unknown[];
  /** Whether it looks like most searches do, so that its plan is worth keeping. */
  readonly common: boolean;
}

/** Runs a search whose plan may be kept. One with restrictions is planned each time: how many rows pass decides how. */
export function runSearch<Row extends object>(
  reads: TenantReads,
  { sql, values, common }: SearchStatement,
  signal?: AbortSignal,
): Promise<Row[]> {
  const run = (common && reads.prepared) || reads.query;
  return run<Row>(sql, values, signal);
}

/** Kept plans are bounded by this: a limit stands in its statement. */
const COMMON_LIMIT = 100;

export function isCommon(limit: number, restrictions: string): boolean {
  return limit <= COMMON_LIMIT && restrictions === '';
}
