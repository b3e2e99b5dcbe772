import type { TenantReads } from '../db/db.js';
import { analyses } from './analyses.js';
import type { Analyzer } from './analysis/analyzer.js';
import { loadAnalyzers } from './analysis/load-analyzers.js';

/** What was seen of a tenant when it was looked at last. */
export interface LastSeen {
  /** The names of the analyzers of its chunks. */
  analyzers?: readonly string[];
}

/** A tenant's rows to search, and by what to search them. */
export interface SearchReads extends TenantReads {
  readonly lastSeen?: LastSeen;
}

/** The analyzers of a tenant's chunks: of all, and those of them by whose rules one can still ask. */
export interface UsedAnalyzers {
  readonly names: readonly string[];
  readonly analyzers: readonly Analyzer[];
}

/**
 * Searches by the analyzers that the tenant's chunks were analysed by, and takes those that were seen last, to ask once only.
 * A search made by names that are not all there are gives nothing (see {@link seenAll}); then they are read anew.
 */
export async function byUsedAnalyzers<Row>(
  reads: SearchReads,
  search: (used: UsedAnalyzers) => Promise<Row[]>,
  signal?: AbortSignal,
): Promise<Row[]> {
  const { analyzerNamed } = await loadAnalyzers();
  const used = (names: readonly string[]): UsedAnalyzers => ({
    names,
    analyzers: names.flatMap((name) => analyzerNamed(name) ?? []),
  });
  const { lastSeen = {} } = reads;
  const before = lastSeen.analyzers;
  const rows = before ? await search(used(before)) : [];
  if (rows.length > 0) return rows;
  const names = [...(await analyses(reads, signal)).keys()].sort();
  lastSeen.analyzers = names;
  return String(names) === String(before) ? rows : search(used(names));
}

/** The condition that the tenant has no chunks but those of these analyzers. */
export const seenAll = (names: string) => `
  not exists (select from packhouse.analyses where tenant_id = $1 and analyzer <> all(${names}::text[]))`;
