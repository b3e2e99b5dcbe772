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

/** Words of a language in their stem form, without its stop words. */
export function languageTerms({ language, stem, stopWords }: LanguageRules): (text: string) => string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
  // Unicode takes `db.query` and `next_page` for one word each; people ask for a part of such a name.
  const inner = ELIDING.has(language) ? /[._:']+/ : /[._:]+/;
  return (text) =>
    textTerms(text, (spaced) =>
      Array.from(segmenter.segment(spaced.replaceAll('\u2019', "'").toLocaleLowerCase(language)))
        .flatMap(({ segment, isWordLike }) => (isWordLike ? segment.split(inner) : []))
        .filter((word) => word !== '' && !stopWords.has(word))
        .map(stem),
    );
}
