import { throwIfAborted, type Reader, type SourceFile } from '@packhouse/core';
import { decodeText } from './decode-text.js';
import { extension } from './extension.js';
import { extracted, MAX_CHARACTERS, refuseTooLong, type ReaderLimits } from './extracted.js';
import { asRefusal, refusal } from './refusal.js';
import { beginsAsHtml, foreignFormat } from './signature.js';

const EXTENSIONS = new Set(['html', 'htm', 'xhtml']);

/**
 * Reads web pages: the text a person sees, without scripts, styles, navigation and hidden parts; one line a table row.
 * The character set is the byte order mark's, the page's own, or guessed. Nothing the page points to is fetched.
 */
export function html({ maxCharacters = MAX_CHARACTERS }: ReaderLimits = {}): Reader {
  return {
    name: 'HTML',
    accepts: ({ filename, bytes }) => {
      const suffix = extension(filename);
      return EXTENSIONS.has(suffix) ? foreignFormat(bytes) === null : suffix === '' && beginsAsHtml(bytes);
    },
    async read(file, signal) {
      throwIfAborted(signal);
      const source = decodeText(file, declaredCharset(file.bytes));
      // Markup is longer than the text in it, and is parsed as a whole: four times the text is enough for real pages.
      refuseTooLong(file, source.length, maxCharacters * 4);
      if (isNestedTooDeep(source)) throw refusal('too_large', file, 'its markup is nested too deep.');
      const { text, title } = await convert(file, source);
      return extracted(file, text, maxCharacters, title);
    },
  };
}

/** The parser's time grows with the square of the elements that are open at once; pages have dozens. */
const MAX_OPEN = 5_000;

/** Void elements and those that HTML lets go unclosed count too, so this is a bound of the opening tags' surplus. */
function isNestedTooDeep(source: string): boolean {
  let open = 0;
  for (const [tag] of source.matchAll(
    /<(\/?)(?:div|span|section|article|ul|ol|table|font|b|i|em|strong|blockquote|center)\b/gi,
  )) {
    open = Math.max(0, open + (tag.startsWith('</') ? -1 : 1));
    if (open > MAX_OPEN) return true;
  }
  return false;
}

async function convert(file: SourceFile, source: string) {
  const { htmlTitle, htmlToText } = await import('./html-text.js');
  try {
    return { text: htmlToText(source), title: htmlTitle(source) };
  } catch (cause) {
    throw asRefusal(cause, file, 'its markup cannot be parsed; it may be nested too deep.');
  }
}

/** As the HTML standard has it: declared within the first 1024 bytes, where UTF-16 cannot be true. */
function declaredCharset(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 1024));
  const label = /(?:<meta[^>]+charset|<\?xml[^>]+encoding)\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1];
  return label?.toLowerCase().startsWith('utf-16') ? 'utf-8' : label;
}
