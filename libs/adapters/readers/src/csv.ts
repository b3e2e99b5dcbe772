import { throwIfAborted, type Reader } from '@packhouse/core';
import { decodeText } from './decode-text.js';
import { extension } from './extension.js';
import { extracted, MAX_CHARACTERS, refuseTooLong, type ReaderLimits } from './extracted.js';
import { asRefusal } from './refusal.js';
import { foreignFormat } from './signature.js';

const EXTENSIONS = ['csv', 'tsv', 'tab'];

/**
 * Reads tables from text (CSV, with commas, semicolons, tabs or bars): a record's fields a line each with their column's
 * name before them, a blank line between records. A passage of the middle of a table then says by itself what its values
 * are, matches a question by the column as by the value, and a record is not cut in two.
 */
export function csv({ maxCharacters = MAX_CHARACTERS }: ReaderLimits = {}): Reader {
  return {
    name: 'CSV',
    accepts: ({ filename, bytes }) => EXTENSIONS.includes(extension(filename)) && foreignFormat(bytes) === null,
    async read(file, signal) {
      throwIfAborted(signal);
      const source = decodeText(file);
      refuseTooLong(file, source.length, maxCharacters * 2);
      const { csvText } = await import('./csv-text.js');
      const grown = (length: number) => {
        throwIfAborted(signal);
        refuseTooLong(file, length, maxCharacters * 2);
      };
      const text = await csvText(source, grown).catch((cause: unknown) => {
        throw asRefusal(cause, file, `this is no table of comma-separated values: ${(cause as Error).message}.`);
      });
      return extracted(file, text, maxCharacters);
    },
  };
}
