import { stemEnglish } from './english-stemmer.js';

/** From the algorithm's own sample vocabulary and the words each of its rules is explained by. */
const SAMPLES: Record<string, string> = {
  consign: 'consign',
  consigned: 'consign',
  consigning: 'consign',
  consignment: 'consign',
  consist: 'consist',
  consistency: 'consist',
  consistently: 'consist',
  consolation: 'consol',
  consolations: 'consol',
  consolatory: 'consolatori',
  consoling: 'consol',
  knack: 'knack',
  knaves: 'knave',
  knavish: 'knavish',
  kneaded: 'knead',
  knightly: 'knight',
  ties: 'tie',
  cries: 'cri',
  gas: 'gas',
  this: 'this',
  gaps: 'gap',
  kiwis: 'kiwi',
  caresses: 'caress',
  agreed: 'agre',
  feed: 'feed',
  luxuriating: 'luxuri',
  hopping: 'hop',
  hoping: 'hope',
  by: 'by',
  say: 'say',
  cry: 'cri',
  enjoy: 'enjoy',
  youth: 'youth',
  generous: 'generous',
  generate: 'generat',
  communism: 'communism',
  arsenal: 'arsenal',
  infection: 'infect',
  infect: 'infect',
  relational: 'relat',
  conditional: 'condit',
  hopefulness: 'hope',
  analogy: 'analog',
  formative: 'format',
  triplicate: 'triplic',
  rate: 'rate',
  cease: 'ceas',
  controll: 'control',
  skies: 'sky',
  news: 'news',
  proceeding: 'proceed',
  inning: 'inning',
  dying: 'die',
  "customer's": 'custom',
  "o'clock": "o'clock",
};

describe('stemEnglish', () => {
  it.each(Object.entries(SAMPLES))('makes of %s %s', (word, stem) => {
    expect(stemEnglish(word)).toBe(stem);
  });

  it.each(['a', 'is', 'cd33', '2024', 'äpfel', 'straßen', "'"])('leaves %s alone', (word) => {
    expect(stemEnglish(word)).toBe(word);
  });
});
