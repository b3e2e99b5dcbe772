/** Words to places in a sparsevec, with no more care than BM25 needs: split, lower case, hash. */

export const TERM_SPACE = 1_000_000_000;

const K1 = 1.2;
const B = 0.75;

export interface Terms {
  readonly counts: ReadonlyMap<number, number>;
  readonly length: number;
}

export function termsOf(text: string): Terms {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const counts = new Map<number, number>();
  for (const word of words) {
    const place = placeOf(word);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return { counts, length: words.length };
}

export function weightsOf({ counts, length }: Terms, meanLength: number): Map<number, number> {
  const saturation = K1 * (1 - B + (B * length) / meanLength);
  return new Map(Array.from(counts, ([place, count]) => [place, (count * (K1 + 1)) / (count + saturation)]));
}

function placeOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return (((hash ^ (hash >>> 15)) >>> 0) % TERM_SPACE) + 1;
}
