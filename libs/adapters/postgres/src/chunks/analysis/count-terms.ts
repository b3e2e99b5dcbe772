import { PackhouseError } from '@packhouse/core';
import type { Analyzer } from './analyzer.js';
import { termIndex } from './term-index.js';

/** How often each term (by index) stands in a text, and how many terms it has with repetitions. */
export interface TermCounts {
  /** The name of the analyzer that found them. */
  readonly analyzer: string;
  readonly counts: ReadonlyMap<number, number>;
  readonly length: number;
}

/** Most different terms a sparsevec holds. */
export const MAX_TERMS = 16_000;

export function countTerms({ name, terms: termsOf }: Analyzer, text: string): TermCounts {
  const terms = termsOf(text);
  const indexOf = termIndex(name);
  const counts = new Map<number, number>();
  for (const term of terms) {
    const index = indexOf(term);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  if (counts.size <= MAX_TERMS) return { analyzer: name, counts, length: terms.length };
  throw new PackhouseError('invalid_request', `A text has ${counts.size} different terms, more than ${MAX_TERMS}.`);
}
