import { createStemmer } from 'multilingual-stemmer';
import type { Analyzer } from './analyzer.js';
import { codeTerms } from './code-terms.js';
import { primarySubtag } from './language-tag.js';
import { languageTerms } from './language-terms.js';
import { stopWords } from './stop-words.js';

/** Part of every analyzer's name. Raise it with any change of terms, be it of ours, of the stemmers or of the stop words. */
const VERSION = 1;

/** The languages that Snowball has stemmers for. */
// prettier-ignore
const STEMMED = [
  'ar', 'ca', 'cs', 'da', 'de', 'el', 'en', 'eo', 'es', 'et', 'eu', 'fa', 'fi', 'fr', 'ga', 'hi', 'hu', 'hy', 'id', 'it',
  'lt', 'ne', 'nl', 'no', 'pl', 'pt', 'ro', 'ru', 'sr', 'st', 'sv', 'ta', 'tr', 'yi',
] as const;

const made = new Map<string, Analyzer>();

/**
 * The analyzer of a language, by the primary subtag of its BCP 47 tag: stemmed where there is a stemmer, by plain words
 * for all others together (`und`), by identifiers for `zxx`. Scripts without spaces are cut into characters by each.
 *
 * @throws PackhouseError `invalid_request` for what is no language tag
 */
export function analyzerFor(tag = 'en'): Analyzer {
  const language = analyzedAs(primarySubtag(tag));
  const analyzer = made.get(language) ?? { name: `${language}/${VERSION}`, terms: rules(language) };
  made.set(language, analyzer);
  return analyzer;
}

/** The analyzer of this name; undefined where its rules have changed since, so that nobody can ask by them any more. */
export function analyzerNamed(name: string): Analyzer | undefined {
  const language = languageOf(name);
  const analyzer = made.get(language) ?? analyzerFor(language);
  return analyzer.name === name ? analyzer : undefined;
}

/** The language that an analyzer of any version is for. */
export function languageOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

function analyzedAs(language: string): string {
  if (language === 'nb' || language === 'nn') return 'no';
  return isStemmed(language) || language === 'zxx' ? language : 'und';
}

function isStemmed(language: string): language is (typeof STEMMED)[number] {
  return (STEMMED as readonly string[]).includes(language);
}

function rules(language: string): Analyzer['terms'] {
  if (language === 'zxx') return codeTerms;
  const stem = isStemmed(language) ? createStemmer(language) : (word: string) => word;
  return languageTerms({ language, stem, stopWords: stopWords(language) });
}
