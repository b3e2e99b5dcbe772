/** What PostgreSQL's text cannot hold: U+0000, and halves of surrogate pairs, which UTF-8 has no form for. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/** Puts U+FFFD for what cannot be stored, as Unicode advises: one code point for one, so that spans still count right. */
export function cleanText(text: string): string {
  return text.replace(UNSTORABLE, '\uFFFD');
}
