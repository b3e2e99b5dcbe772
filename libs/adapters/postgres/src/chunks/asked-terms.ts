import type { Analyzer } from './analysis/analyzer.js';
import { countTerms } from './analysis/count-terms.js';

/** A question's terms by every analyzer, as parallel arrays: analyzers' names, terms' indices, how often asked for. */
export type AskedTerms = [analyzers: string[], terms: number[], times: number[]];

/** Where two analyzers' terms have the same place by chance, the first is asked for: a place has one weight. */
export function askedTerms(analyzers: readonly Analyzer[], text: string): AskedTerms {
  const asked = new Map<number, { analyzer: string; times: number }>();
  for (const analyzer of analyzers) {
    for (const [term, times] of countTerms(analyzer, text).counts) {
      if (!asked.has(term)) asked.set(term, { analyzer: analyzer.name, times });
    }
  }
  const each = [...asked.values()];
  return [each.map(({ analyzer }) => analyzer), [...asked.keys()], each.map(({ times }) => times)];
}
