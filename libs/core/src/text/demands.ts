/** What a searched text asks of every hit, beside the words that rank it. */
export interface Demands {
  /** Stand in a hit's text, see {@link holdsPhrase}. */
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
    phrases: found.flatMap((groups) => groups?.['phrase'] ?? []).filter((phrase) => folded(phrase) !== ' '),
    required: found.flatMap((groups) => groups?.['required'] ?? []),
  };
}

/** Whether a phrase stands in a text word for word, in any case and compatibility form (NFKC), whatever separates words. */
export function holdsPhrase(text: string, phrase: string): boolean {
  return folded(text).includes(folded(phrase));
}

/** Scripts without spaces between words: each character stands for itself. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

/** Words with one space before, between and after; one space where there are none. */
function folded(text: string): string {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(UNSPACED, ' $& ')
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  return words ? ` ${words.join(' ')} ` : ' ';
}
