const LETTER = String.raw`A-Za-zÀ-ÖØ-öø-ɏЀ-ҁҊ-ӿ`;
const WORD_CHARACTER = `[${LETTER}0-9_]`;
const SEPARATORS = String.raw`\x00-\x7f¡-©«¬®-±¶»¿‐-‖“-„†-•€`;

/** Texts of Latin and Cyrillic letters without combining marks, and what mostly stands between these. */
const PLAIN_TEXT = new RegExp(`^[${LETTER}${SEPARATORS}]*$`);

/** UAX #29 for such texts: rules WB5 to WB13b. To ICU a lone underscore is no word, though two are. */
const PLAIN_WORD = new RegExp(
  `(?!_(?!${WORD_CHARACTER}))${WORD_CHARACTER}+(?:(?:(?<=[${LETTER}])[:.'](?=[${LETTER}])|(?<=[0-9])[.,;'](?=[0-9]))${WORD_CHARACTER}+)*`,
  'g',
);

/**
 * Cuts texts into words as `Intl.Segmenter` does, by Unicode's rules (UAX #29, section 4). Most European texts are cut by one
 * regular expression that does the same to them in a fifth of the time.
 */
export function wordsOf(language: string): (text: string) => string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
  return (text) => (PLAIN_TEXT.test(text) ? (text.match(PLAIN_WORD) ?? []) : segmented(segmenter, text));
}

/** Exported for the test that compares the two. */
export function segmented(segmenter: Intl.Segmenter, text: string): string[] {
  return Array.from(segmenter.segment(text)).flatMap(({ segment, isWordLike }) => (isWordLike ? segment : []));
}
