import { mayHold } from './number-words.js';
import type { Quotable } from './quotable.js';
import { terms } from './terms.js';

/** The part of a claim's terms that a quote must hold. */
const LEAST_OVERLAP = 0.5;

/**
 * The sentence that supports a claim best: it holds at least half of the claim's terms and every number in it, in
 * digits or in English words. Where
 * there is none, two that follow on each other may. Null where the claim is not supported.
 */
export function support(claim: string, sentences: readonly Quotable[]): Quotable | null {
  const claimed = new Set(terms(claim));
  return best(claimed, sentences) ?? best(claimed, pairs(sentences));
}

function best(claimed: ReadonlySet<string>, sentences: readonly Quotable[]): Quotable | null {
  let found: Quotable | null = null;
  let most = LEAST_OVERLAP;
  for (const sentence of sentences) {
    const overlap = overlapOf(claimed, sentence);
    if (overlap > most || (overlap === most && !found)) [found, most] = [sentence, overlap];
  }
  return found;
}

function overlapOf(claimed: ReadonlySet<string>, { text, terms }: Quotable): number {
  const held = new Set(terms);
  let shared = 0;
  for (const term of claimed) {
    if (held.has(term)) shared++;
    else if (/\p{N}/u.test(term) && !mayHold(text, term)) return 0;
  }
  return claimed.size === 0 ? 0 : shared / claimed.size;
}

function pairs(sentences: readonly Quotable[]): Quotable[] {
  return sentences.slice(1).map((second, index) => {
    const { chunk, start, terms } = sentences[index] as Quotable;
    const { end } = second;
    return { chunk, text: chunk.text.slice(start, end), start, end, terms: [...terms, ...second.terms] };
  });
}
