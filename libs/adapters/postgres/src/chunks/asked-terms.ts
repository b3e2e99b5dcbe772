import type { Analyzer } from './analysis/analyzer.js';
import { countTerms } from './analysis/count-terms.js';

/** A question's terms by every analyzer, as parallel arrays: analyzers' names, terms' indices, how often asked for. */
export type AskedTerms = [analyzers: string[], terms: number[], times: number[]];

export function askedTerms(analyzers: readonly Analyzer[], text: string): AskedTerms {
  const asked = analyzers.flatMap((analyzer) =>
    Array.from(countTerms(analyzer, text).counts, ([term, times]) => ({ analyzer: analyzer.name, term, times })),
  );
  return [asked.map(({ analyzer }) => analyzer), asked.map(({ term }) => term), asked.map(({ times }) => times)];
}
