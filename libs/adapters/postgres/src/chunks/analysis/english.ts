import { words } from '@packhouse/core';
import { stemmer } from '@orama/stemmers/english';
import type { Analyzer } from './analyzer.js';
import { characterGrams, stretches } from './unspaced.js';

const STOP_WORDS = new Set(
  (
    'a an and are as at be but by for if in into is it no not of on or such that the their then there these they ' +
    'this to was will with'
  ).split(' '),
);

/** English words, stemmed; Chinese, Japanese, Thai and their like by characters; words of any other language as they are. */
export const english: Analyzer = {
  name: 'english-1',
  terms: (text) =>
    stretches(text.normalize('NFKC')).flatMap(({ text, gram }) =>
      gram ? characterGrams(text, gram) : wordTerms(text),
    ),
};

function wordTerms(text: string): string[] {
  return words(text)
    .filter((word) => !STOP_WORDS.has(word))
    .map(stem);
}

const stem = (word: string) => stemmer(word);
