import { stripVTControlCharacters } from 'node:util';

/** Text of others on one line: what was in a document must not move the cursor, nor change colours or the title. */
export function printable(text: string): string {
  return paragraphs(text).replaceAll(/\s+/g, ' ').trim();
}

/** The same with its lines. */
export function paragraphs(text: string): string {
  // eslint-disable-next-line no-control-regex
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
