import { PackhouseError } from '@packhouse/core';
import type { Analyzer } from './analyzer.js';
import { termIndex } from './term-index.js';

/** How often each term (by index) stands in a text, and how many terms it has with repetitions. */
export interface TermCounts {
  readonly counts: ReadonlyMap<number, number>;
  readonly length: number;
}

/** Most different terms a sparsevec holds. */
export const MAX_TERMS = 16_000;

export function countTerms(analyzer: Analyzer, text: string): TermCounts {
  const terms = analyzer.terms(text);
  const counts = new Map<number, number>();
  for (const term of terms) {
    const index = termIndex(term);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  if (counts.size <= MAX_TERMS) return { counts, length: terms.length };
  throw new PackhouseError('invalid_request', `A text has ${counts.size} different terms, more than ${MAX_TERMS}.`);
}
