import type { Demands } from '@packhouse/core';
import type { Analyzer } from './analysis/analyzer.js';
import { TERM_SPACE, termIndex } from './analysis/term-index.js';
import { isFragment } from './analysis/unspaced.js';
import { arrayBinary, sparsevecBinary } from './vectors-binary.js';

/** What a chunk has to have, term by term, if the analyzer of the same place analysed it. */
export interface RequiredTerms {
  /** Names. */
  readonly analyzers: readonly string[];
  /** An array of sparse vectors of one term each, in binary. */
  readonly terms: Buffer;
}

/**
 * The terms that every hit of these demands has: of required words, and of phrases, whose words it must have before they
 * can stand in a row. A word that an analyzer leaves out is not required of its chunks. Undefined where nothing is.
 */
export function requiredTerms(
  analyzers: readonly Analyzer[],
  { phrases, required }: Demands,
): RequiredTerms | undefined {
  const found = analyzers.flatMap((analyzer) => {
    // In lower case: as camelCase, a name has parts that the same name in the text may not have.
    const ofPhrases = phrases
      .flatMap((phrase) => analyzer.terms(phrase.toLowerCase()))
      .filter((term) => !isFragment(term));
    const indices = [...required.flatMap(analyzer.terms), ...ofPhrases].map(termIndex(analyzer.name));
    return Array.from(new Set(indices), (index) => ({ analyzer: analyzer.name, index }));
  });
  if (found.length === 0) return undefined;
  return {
    analyzers: found.map(({ analyzer }) => analyzer),
    terms: arrayBinary(found.map(({ index }) => sparsevecBinary(new Map([[index, 1]]), TERM_SPACE))),
  };
}
