/**
 * The Snowball stemmer of English, known as Porter2: https://snowballstem.org/algorithms/english/stemmer.html, whose step
 * numbers these are. Ours because the packaged ones at hand lose letters ("infection" and "infect" apart) or digits.
 */
export function stemEnglish(word: string): string {
  // The steps' time grows with the square of the length, and nobody inflects what is longer than any word.
  if (word.length <= 2 || word.length > LONGEST || !/^[a-z']+$/.test(word)) return word;
  const bare = word.replace(/^'/, '').replace(/('s'|'s|')$/, '');
  const whole = WHOLE.get(bare);
  if (whole !== undefined || bare.length <= 2) return whole ?? bare;
  // A y that stands for a consonant counts as one: written Y until the end.
  const marked = bare.replace(/^y|(?<=[aeiouy])y/g, 'Y');
  const { r1, r2 } = regions(marked);
  const first = step1a(marked);
  if (KEPT_AFTER_1A.has(first)) return first;
  const third = step3(step2(step1c(step1b(first, r1)), r1), r1, r2);
  return step5(step4(third, r2), r1, r2).toLowerCase();
}

const LONGEST = 64;

const WHOLE = new Map(
  Object.entries({
    skis: 'ski',
    skies: 'sky',
    dying: 'die',
    lying: 'lie',
    tying: 'tie',
    idly: 'idl',
    gently: 'gentl',
    ugly: 'ugli',
    early: 'earli',
    only: 'onli',
    singly: 'singl',
    ...Object.fromEntries(['sky', 'news', 'howe', 'atlas', 'cosmos', 'bias', 'andes'].map((word) => [word, word])),
  }),
);

const KEPT_AFTER_1A = new Set('inning outing canning herring earring proceed exceed succeed'.split(' '));

/** R1 begins after the first consonant that follows a vowel, R2 likewise within R1; a suffix is "in" one it begins in. */
function regions(word: string): { r1: number; r2: number } {
  const r1 = /^(gener|commun|arsen)/.exec(word)?.[0].length ?? afterVowelConsonant(word, 0);
  return { r1, r2: afterVowelConsonant(word, r1) };
}

function afterVowelConsonant(word: string, start: number): number {
  const found = /[aeiouy][^aeiouy]/.exec(word.slice(start));
  return found ? start + found.index + 2 : word.length;
}

const endsInShortSyllable = (word: string) => /([^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy])$/.test(word);

function step1a(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (/ie[ds]$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1);
  return /[aeiouy].*[^us]s$/.test(word) ? word.slice(0, -1) : word;
}

function step1b(word: string, r1: number): string {
  const eed = /eed(ly)?$/.exec(word);
  if (eed) return eed.index >= r1 ? word.slice(0, eed.index + 2) : word;
  const stem = /^(.*[aeiouy].*?)(ed|edly|ing|ingly)$/.exec(word)?.[1];
  if (stem === undefined) return word;
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (/(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(stem)) return stem.slice(0, -1);
  return r1 >= stem.length && endsInShortSyllable(stem) ? `${stem}e` : stem;
}

const step1c = (word: string) => word.replace(/(?<=.[^aeiouy])[yY]$/, 'i');

const STEP_2 = new Map(
  Object.entries({
    ational: 'ate',
    tional: 'tion',
    enci: 'ence',
    anci: 'ance',
    abli: 'able',
    entli: 'ent',
    izer: 'ize',
    ization: 'ize',
    ation: 'ate',
    ator: 'ate',
    alism: 'al',
    aliti: 'al',
    alli: 'al',
    fulness: 'ful',
    ousli: 'ous',
    ousness: 'ous',
    iveness: 'ive',
    iviti: 'ive',
    biliti: 'ble',
    bli: 'ble',
    ogi: 'og',
    fulli: 'ful',
    lessli: 'less',
    li: '',
  }),
);
const SUFFIX_2 = longestOf([...STEP_2.keys()]);

function step2(word: string, r1: number): string {
  const found = SUFFIX_2.exec(word);
  if (!found || found.index < r1) return word;
  const [suffix] = found;
  const stem = word.slice(0, found.index);
  if (suffix === 'ogi' && !stem.endsWith('l')) return word;
  if (suffix === 'li' && !/[cdeghkmnrt]$/.test(stem)) return word;
  return stem + STEP_2.get(suffix);
}

const STEP_3 = new Map(
  Object.entries({
    ational: 'ate',
    tional: 'tion',
    alize: 'al',
    icate: 'ic',
    iciti: 'ic',
    ical: 'ic',
    ful: '',
    ness: '',
    ative: '',
  }),
);
const SUFFIX_3 = longestOf([...STEP_3.keys()]);

function step3(word: string, r1: number, r2: number): string {
  const found = SUFFIX_3.exec(word);
  if (!found || found.index < (found[0] === 'ative' ? Math.max(r1, r2) : r1)) return word;
  return word.slice(0, found.index) + STEP_3.get(found[0]);
}

const SUFFIX_4 = longestOf('al ance ence er ic able ible ant ement ment ent ism ate iti ous ive ize ion'.split(' '));

function step4(word: string, r2: number): string {
  const found = SUFFIX_4.exec(word);
  if (!found || found.index < r2) return word;
  const stem = word.slice(0, found.index);
  return found[0] === 'ion' && !/[st]$/.test(stem) ? word : stem;
}

function step5(word: string, r1: number, r2: number): string {
  const stem = word.slice(0, -1);
  if (word.endsWith('e')) {
    const goes = stem.length >= r2 || (stem.length >= r1 && !endsInShortSyllable(stem));
    return goes ? stem : word;
  }
  return word.endsWith('ll') && stem.length >= r2 ? stem : word;
}

function longestOf(suffixes: readonly string[]): RegExp {
  return new RegExp(`(${suffixes.toSorted((a, b) => b.length - a.length).join('|')})$`);
}
