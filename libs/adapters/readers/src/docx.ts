import { throwIfAborted, type Reader, type SourceFile } from '@packhouse/core';
import { extension } from './extension.js';
import { extracted, MAX_CHARACTERS, type ReaderLimits } from './extracted.js';
import { asRefusal, refusal } from './refusal.js';
import { foreignFormat, isEncryptedOffice, isZip } from './signature.js';

const EXTENSIONS = ['docx', 'docm'];

/**
 * Reads Word documents: paragraphs, headings and list items, one line a table row, text boxes, foot- and endnotes. What
 * was deleted, is hidden or is repeated on every page is left out. Word lays out pages anew each time, so a document has
 * none. Nothing a document points to is opened, no macro is run.
 */
export function docx({ maxCharacters = MAX_CHARACTERS }: ReaderLimits = {}): Reader {
  return {
    name: 'Word (.docx)',
    accepts: ({ filename, bytes }) =>
      EXTENSIONS.includes(extension(filename)) &&
      (isZip(bytes) || isEncryptedOffice(bytes) || foreignFormat(bytes) === null),
    async read(file, signal) {
      throwIfAborted(signal);
      if (isEncryptedOffice(file.bytes)) {
        throw refusal('encrypted', file, 'it is protected by a password. Remove the protection and send it again.');
      }
      const { text, title } = await unpack(file, maxCharacters, signal);
      return extracted(file, text, maxCharacters, title);
    },
  };
}

async function unpack(file: SourceFile, maxCharacters: number, signal: AbortSignal | undefined) {
  const { docxText } = await import('./docx-text.js');
  try {
    return await docxText(file, maxCharacters, signal);
  } catch (cause) {
    throw asRefusal(cause, file, 'this Word document is damaged and cannot be opened. Save it anew.');
  }
}
