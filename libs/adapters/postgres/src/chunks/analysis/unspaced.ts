/** A stretch of text in a script that puts no space between words, or one of any others. */
export interface Stretch {
  readonly text: string;
  /** Characters a term, for an unspaced script; undefined for text that has words. */
  readonly gram?: number;
}

const IDEOGRAPHIC = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}ー々〆]`;
const ABUGIDA = String.raw`[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]`;
const UNSPACED = new RegExp(`(?<two>${IDEOGRAPHIC}+)|(?<three>${ABUGIDA}+)`, 'gu');

/** Cuts a text where its script changes between spaced and unspaced ones. */
export function stretches(text: string): Stretch[] {
  const found: Stretch[] = [];
  let end = 0;
  for (const match of text.matchAll(UNSPACED)) {
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: match[0], gram: match.groups?.['two'] === undefined ? 3 : 2 });
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

/** All runs of `size` characters, overlapping; the whole text where it is shorter. */
export function characterGrams(text: string, size: number): string[] {
  const characters = Array.from(text);
  if (characters.length <= size) return [text];
  return characters.slice(size - 1).map((_, start) => characters.slice(start, start + size).join(''));
}

/** Whether a term is too short a piece of an unspaced script to be a term of a longer stretch that holds it. */
export function isFragment(term: string): boolean {
  const [{ gram = 0 } = {}] = stretches(term) as [Stretch?];
  return Array.from(term).length < gram;
}
