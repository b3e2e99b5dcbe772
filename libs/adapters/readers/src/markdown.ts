import { throwIfAborted, type Reader, type SourceFile } from '@packhouse/core';
import { decodeText } from './decode-text.js';
import { extension } from './extension.js';
import { extracted, MAX_CHARACTERS, refuseTooLong, type ReaderLimits } from './extracted.js';
import { asRefusal } from './refusal.js';
import { foreignFormat } from './signature.js';
import { isTangled } from './tangled.js';

const EXTENSIONS = new Set(['md', 'markdown', 'mdown', 'mkd', 'mdx']);

/**
 * Reads Markdown (CommonMark and GitHub's additions): the text without its marks. Headings, list items, table rows and
 * lines of code keep their lines. The first heading of level 1 is the title. What only a machine could have nested so
 * is read as plain text, marks and all.
 */
export function markdown({ maxCharacters = MAX_CHARACTERS }: ReaderLimits = {}): Reader {
  return {
    name: 'Markdown',
    accepts: ({ filename, bytes }) => EXTENSIONS.has(extension(filename)) && foreignFormat(bytes) === null,
    async read(file, signal) {
      throwIfAborted(signal);
      const source = decodeText(file);
      refuseTooLong(file, source.length, maxCharacters * 2);
      const { text, title } = await convert(file, source);
      return extracted(file, text, maxCharacters, title);
    },
  };
}

async function convert(file: SourceFile, source: string) {
  if (isTangled(source)) return { text: source, title: undefined };
  const { markdownText } = await import('./markdown-text.js');
  try {
    return markdownText(source);
  } catch (cause) {
    throw asRefusal(cause, file, 'its Markdown cannot be parsed; it may be nested too deep.');
  }
}
