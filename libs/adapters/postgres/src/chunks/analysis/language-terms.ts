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

/** Words of a language in their stem form, without its stop words; names whole and in their parts. */
export function languageTerms({ language, stem, stopWords }: LanguageRules): (text: string) => string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
  const elided = (word: string) => (ELIDING.has(language) ? word.split("'") : [word]);
  return (text) =>
    textTerms(text, (spaced) =>
      Array.from(segmenter.segment(spaced.replaceAll('\u2019', "'")))
        .flatMap(({ segment, isWordLike }) => (isWordLike ? elided(segment) : []))
        .flatMap(nameParts)
        .map((word) => word.toLocaleLowerCase(language))
        .filter((word) => word !== '' && !stopWords.has(word))
        .map(stem),
    );
}
