import { throwIfAborted, type Reader } from '@packhouse/core';
import { decodeText } from './decode-text.js';
import { extension } from './extension.js';
import { extracted, MAX_CHARACTERS, refuseTooLong, type ReaderLimits } from './extracted.js';
import { refusal } from './refusal.js';
import { foreignFormat } from './signature.js';

const LINES = ['jsonl', 'ndjson'];
const EXTENSIONS = ['json', ...LINES];

/**
 * Reads JSON, and JSON Lines: a value a line with the names that lead to it before it, the members of a list of objects
 * apart by a blank line. Numbers keep their digits. Comments are skipped.
 */
export function json({ maxCharacters = MAX_CHARACTERS }: ReaderLimits = {}): Reader {
  return {
    name: 'JSON',
    accepts: ({ filename, bytes }) => EXTENSIONS.includes(extension(filename)) && foreignFormat(bytes) === null,
    async read(file, signal) {
      throwIfAborted(signal);
      const source = decodeText(file);
      refuseTooLong(file, source.length, maxCharacters * 4);
      const { jsonText } = await import('./json-text.js');
      const text = jsonText(source, LINES.includes(extension(file.filename)), {
        grown: (length) => refuseTooLong(file, length, maxCharacters * 2),
        fail: (code, reason) => refusal(code, file, reason),
      });
      return extracted(file, text, maxCharacters);
    },
  };
}
