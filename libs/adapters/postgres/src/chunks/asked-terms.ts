import type { TenantTx } from '../db/db.js';
import { analyses } from './analyses.js';
import type { Analyzer } from './analysis/analyzer.js';
import { analyzerNamed } from './analysis/analyzers.js';
import { countTerms } from './analysis/count-terms.js';

/** A question's terms by every analyzer, as parallel arrays: analyzers' names, terms' indices, how often asked for. */
export type AskedTerms = [analyzers: string[], terms: number[], times: number[]];

/** The analyzers that a tenant's chunks were analysed by, as far as they still exist. */
export async function usedAnalyzers(tx: TenantTx, signal?: AbortSignal): Promise<Analyzer[]> {
  return [...(await analyses(tx, signal)).keys()].flatMap((name) => analyzerNamed(name) ?? []);
}

export function askedTerms(analyzers: readonly Analyzer[], text: string): AskedTerms {
  const asked = analyzers.flatMap((analyzer) =>
    Array.from(countTerms(analyzer, text).counts, ([term, times]) => ({ analyzer: analyzer.name, term, times })),
  );
  return [asked.map(({ analyzer }) => analyzer), asked.map(({ term }) => term), asked.map(({ times }) => times)];
}
