import { below, random, zipf } from './random.js';

const VOCABULARY = 20_000;
/** Words that a question is made of whatever it is about. */
const FREQUENT = 20;
const TOPIC_WORDS = 50;
const WORDS_A_CHUNK = 100;
/** Where the code stands in its chunk. */
const CODE_AT = 17;

const ONSETS = ['b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'st', 'tr', 'pl'];
const RHYMES = ['an', 'el', 'ir', 'om', 'ut', 'ace', 'ine', 'ory', 'ane', 'et'];

/** The code that stands in one chunk of its tenant and nowhere else. */
export function codeOf(index: number): string {
  return `ERR-${100_000 + index}`;
}

/** A hundred words: most of the whole language by Zipf's law, some of the topic's own; and the code among them. */
export function chunkText(topic: number, code: string, ...seeds: readonly number[]): string {
  const next = random(0x7e47, topic, ...seeds);
  const words = Array.from({ length: WORDS_A_CHUNK }, () => (next() < 0.3 ? topicWord(topic, next) : commonWord(next)));
  words.splice(CODE_AT, 0, code);
  return `${words.join(' ')}.`;
}

/** What someone asks who has a code before them: the code, among six of the twenty most frequent words. */
export function codeQuestion(code: string, ...seeds: readonly number[]): string {
  const next = random(0xc0de, ...seeds);
  const around = Array.from({ length: 6 }, () => frequentWord(next));
  return `${around.slice(0, 3).join(' ')} ${code} ${around.slice(3).join(' ')}`;
}

function frequentWord(next: () => number): string {
  return word(zipf(FREQUENT, next));
}

function topicWord(topic: number, next: () => number): string {
  return word((topic * 131 + below(TOPIC_WORDS, next)) % VOCABULARY);
}

function commonWord(next: () => number): string {
  return word(zipf(VOCABULARY, next));
}

const syllables = ONSETS.flatMap((onset) => RHYMES.map((rhyme) => onset + rhyme));

function word(rank: number): string {
  const syllable = (place: number) => syllables[Math.floor(rank / syllables.length ** place) % syllables.length];
  return rank < syllables.length ? `${syllable(0)}` : `${syllable(1)}${syllable(0)}`;
}
