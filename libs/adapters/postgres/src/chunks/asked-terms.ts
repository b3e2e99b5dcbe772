import { english } from './analysis/english.js';
import { countTerms } from './analysis/count-terms.js';

/** A question's terms as two parallel arrays: their indices, and how often each is asked for. */
export function askedTerms(text: string): [terms: number[], times: number[]] {
  const { counts } = countTerms(english, text);
  return [[...counts.keys()], [...counts.values()]];
}
