import { words } from '@packhouse/core';
import { withDigits } from './number-words.js';

/** English words that say how a question is put, not what it is about. Other languages' are left to their rarity. */
const FUNCTION_WORDS = new Set(
  (
    'a about according all also an and any are as at be been but by can could did do does for from give had has have how ' +
    'i if in into is it its many me much my of on or our please said say says shall should so some ' +
    'tell than that the their them then there these they this those to us was we were what when where which who whom ' +
    'whose why will with would you your'
  ).split(' '),
);

/**
 * The terms of a text in order: its words, with English endings taken off so that "refunds" and "refunded" are "refund".
 * English numbers are in digits. Function words are left out, unless there is nothing else.
 */
export function terms(text: string): string[] {
  // A word that was broken at the end of a line is one word again.
  const all = words(withDigits(text.replace(/(?<=\p{L})-\n(?=\p{Ll})/gu, '')));
  const telling = all.filter((word) => !FUNCTION_WORDS.has(word));
  return (telling.length > 0 ? telling : all).map(stem);
}

/**
 * Takes an English plural off by the rules of the S-stemmer (Harman, "How effective is suffixing?", JASIS 1991), then
 * -ed and -ing where four letters are left, then a final e.
 */
function stem(word: string): string {
  return singular(word)
    .replace(/(?<=[a-z]{4})(?:ed|ing)$/, '')
    .replace(/(?<=[a-z]{3})e$/, '');
}

function singular(word: string): string {
  if (/(?<![ae])ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?<![aeo])es$/.test(word) && word.length > 3) return word.slice(0, -1);
  return /(?<![us])s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word;
}
