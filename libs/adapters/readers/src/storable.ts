/** What is not seen and only hides something: zero-width blanks, bidirectional overrides, deprecated format characters. */
const UNSEEN = /[\u{200B}\u{202A}-\u{202E}\u{2060}-\u{206F}\u{FEFF}\u{FFF9}-\u{FFFB}]/gu;
/** Letters of the tags block spell out messages that no one sees; only flags of regions are made of them. */
const TAGS = /(\u{1F3F4}[\u{E0020}-\u{E007E}]{1,6}\u{E007F})|[\u{E0000}-\u{E007F}]/gu;
/** One selects the form of the letter before it; a row of them is a message, too. */
const SELECTORS = /[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]{2,}/gu;

/**
 * The text as a database takes it and a person sees it: `\n` for every line break, no NUL and no other control character
 * but tab, line and form feed, U+FFFD for a surrogate without its other half, and nothing that is invisible but for the
 * joiners and direction marks that Persian, Hindi or Hebrew are written with. Letters stay in the form they have.
 */
export function storable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n\f]/gu, '')
    .replace(/\p{Surrogate}/gu, '\u{FFFD}')
    .replace(UNSEEN, '')
    .replace(TAGS, '$1')
    .replace(SELECTORS, '');
}
