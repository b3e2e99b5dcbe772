import { nameParts } from './name-parts.js';
import { textTerms } from './text-terms.js';

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

/** Words of a language in their stem form, without its stop words; names whole and in their parts. */
export function languageTerms({ language, stem, stopWords }: LanguageRules): (text: string) => string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
  const elided = (word: string) => (ELIDING.has(language) ? word.split("'") : [word]);
  return (text) =>
    textTerms(text.replace(BROKEN, ''), (spaced) =>
      Array.from(segmenter.segment(spaced.replaceAll('\u2019', "'")))
        .flatMap(({ segment, isWordLike }) => (isWordLike ? elided(segment) : []))
        .flatMap(nameParts)
        .map((word) => word.toLocaleLowerCase(language))
        .filter((word) => word !== '' && !stopWords.has(word))
        // Nobody inflects what is longer than any word, and stemmers take their time over it.
        .map((word) => (word.length > LONGEST ? word : stem(word))),
    );
}
