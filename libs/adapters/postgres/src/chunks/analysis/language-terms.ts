import { remembered } from '../../remembered.js';
import { nameParts } from './name-parts.js';
import { textTerms } from './text-terms.js';
import { wordsOf } from './words.js';

export interface LanguageRules {
  /** Primary subtag, or `und`. */
  readonly language: string;
  readonly stem: (word: string) => string;
  /** Lower case. */
  readonly stopWords: ReadonlySet<string>;
}

/** Languages that write an article or preposition and the word after it as one, with an apostrophe between. */
const ELIDING = new Set(['ca', 'fr', 'it']);

const LONGEST = 64;

/** A hyphen at the end of a line, with the word going on in the next. */
const BROKEN = /(?<=\p{L})-\n(?=\p{Ll})/gu;

/** Different words whose terms are kept at hand: most of what a language's texts are made of. A few megabytes. */
const REMEMBERED = 20_000;

/** Words of a language in their stem form, without its stop words; names whole and in their parts. */
export function languageTerms({ language, stem, stopWords }: LanguageRules): (text: string) => string[] {
  const words = wordsOf(language);
  const elided = (word: string) => (ELIDING.has(language) ? word.split("'") : [word]);
  const termsOf = (word: string) =>
    elided(word)
      .flatMap(nameParts)
      .map((part) => part.toLocaleLowerCase(language))
      .filter((part) => part !== '' && !stopWords.has(part))
      // Nobody inflects what is longer than any word, and stemmers take their time over it.
      .map((part) => (part.length > LONGEST ? part : stem(part)));
  const known = remembered(REMEMBERED, termsOf);
  const terms = (word: string) => (word.length > LONGEST ? termsOf(word) : known(word));
  return (text) =>
    textTerms(text.replace(BROKEN, ''), (spaced) => words(spaced.replaceAll('\u2019', "'")).flatMap(terms));
}
