import { finished, hashNext, hashSeed, hashText } from './feature-hash.js';

const WORD = hashSeed(1);
const PAIR = hashSeed(2);
const GRAM = hashSeed(3);
const SHORTEST_GRAM = 3;
const LONGEST_GRAM = 5;
const EDGE = ' ';

/** The 32-bit hashes of every word, pair of neighbouring words and character n-gram of a text, with how often each occurs. */
export function textFeatures(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  const count = (unfinished: number) => {
    const hash = finished(unfinished);
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
  };
  let before: number | undefined;
  for (const word of wordsOf(text)) {
    const hash = hashText(WORD, word);
    count(hash);
    if (before !== undefined) count(hashNext(hashNext(PAIR, before), hash));
    eachGram(`${EDGE}${word}${EDGE}`, count);
    before = hash;
  }
  return counts;
}

/** Runs of letters, marks and digits. Not Intl.Segmenter: its dictionaries differ between platforms. */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

/**
 * Subwords with the word's edges marked, as fastText has them (https://arxiv.org/abs/1607.04606), in UTF-16 units. Never
 * the whole word: that is a feature already, and in a text of one letter the two could cancel to a zero vector.
 */
function eachGram(marked: string, found: (hash: number) => void): void {
  for (let start = 0; start < marked.length; start++) {
    let hash = GRAM;
    for (let at = start; at < Math.min(start + LONGEST_GRAM, marked.length); at++) {
      hash = hashNext(hash, marked.charCodeAt(at));
      const length = at - start + 1;
      if (length >= SHORTEST_GRAM && length < marked.length) found(hash);
    }
  }
}
