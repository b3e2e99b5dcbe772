import { words } from '@packhouse/core';
import type { Analyzer } from './analyzer.js';
import { stemEnglish } from './english-stemmer.js';
import { characterGrams, stretches } from './unspaced.js';

/** The few words that stand in any text. A longer list loses questions made of such words; the idf sees to the rest. */
const STOP_WORDS = new Set(
  (
    'a an and are as at be but by for if in into is it no not of on or such that the their then there these they ' +
    'this to was will with'
  ).split(' '),
);

/** English words, stemmed; Chinese, Japanese, Thai and their like by characters; any other language's words as they are. */
export const english: Analyzer = {
  name: 'english-1',
  terms: (text) =>
    stretches(text.normalize('NFKC')).flatMap(({ text, gram }) =>
      gram ? characterGrams(text, gram) : wordTerms(text),
    ),
};

/** Unicode takes `db.query` and `next_page` for one word each; people ask for a part of such a name. */
function wordTerms(text: string): string[] {
  return words(text.replaceAll('\u2019', "'"))
    .flatMap((word) => word.split(/[._:]+/))
    .filter((word) => word !== '' && !STOP_WORDS.has(word))
    .map(stemEnglish);
}
