/** What a searched text asks of every hit, beside the words that rank it. */
export interface Demands {
  /** Stand in a hit's text, see {@link phraseFinder}. */
  readonly phrases: readonly string[];
  /** Are among a hit's terms. */
  readonly required: readonly string[];
}

const DEMAND = /"(?<phrase>[^"]+)"|(?<=^|\s)\+(?<required>\p{L}[^\s"]*)/gu;

/**
 * Reads `"phrases in quotes"` and `+required` words, which begin with a letter: "+1" is a number. A text that ends in a
 * question mark is a question, in which quotes are there to quote and nothing is demanded: most of what answers "Who
 * starred in "Due South"?" does not repeat it.
 */
export function demandsOf(text: string): Demands {
  const found = /[?？؟]["'”’»)\s]*$/u.test(text) ? [] : Array.from(text.matchAll(DEMAND), ({ groups }) => groups);
  return {
    phrases: found.flatMap((groups) => groups?.['phrase'] ?? []).filter((phrase) => /[\p{L}\p{M}\p{N}]/u.test(phrase)),
    required: found.flatMap((groups) => groups?.['required'] ?? []),
  };
}

/** Scripts without spaces between words: each character stands for itself. */
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]`;
const SPACED = String.raw`[[\p{L}\p{M}\p{N}]--${UNSPACED}]`;
const GAP = String.raw`[^\p{L}\p{M}\p{N}]`;
const WORD = new RegExp(`${UNSPACED}|${SPACED}+`, 'gv');
const IS_UNSPACED = new RegExp(UNSPACED, 'v');

/**
 * Finds a phrase in texts: word for word, in any case and compatibility form (NFKC), whatever separates the words. A
 * phrase without words is everywhere.
 */
export function phraseFinder(phrase: string): (text: string) => boolean {
  const words = folded(phrase).match(WORD) ?? [];
  const pattern = words.map((word) => (IS_UNSPACED.test(word) ? word : `(?<!${SPACED})${word}(?!${SPACED})`));
  const found = new RegExp(pattern.join(`${GAP}*`), 'v');
  return (text) => found.test(folded(text));
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase();
