import { throwIfAborted, type Reader } from '@packhouse/core';
import { decodeText } from './decode-text.js';
import { extension } from './extension.js';
import { extracted, MAX_CHARACTERS, type ReaderLimits } from './extracted.js';
import { foreignFormat } from './signature.js';

const EXTENSIONS = new Set(
  (
    'txt text log xml yaml yml toml ini rst org adoc tex srt vtt ' +
    'c cpp cs css go java js kt php py rb rs sh sql swift ts'
  ).split(' '),
);

/**
 * Reads plain text of any common character set, code and data included, as it stands. A file without an extension
 * counts as text where its bytes are.
 */
export function plain({ maxCharacters = MAX_CHARACTERS }: ReaderLimits = {}): Reader {
  return {
    name: 'plain text',
    accepts: ({ filename, bytes }) => {
      const suffix = extension(filename);
      return (suffix === '' || EXTENSIONS.has(suffix)) && foreignFormat(bytes) === null;
    },
    async read(file, signal) {
      throwIfAborted(signal);
      return extracted(file, decodeText(file), maxCharacters);
    },
  };
}
