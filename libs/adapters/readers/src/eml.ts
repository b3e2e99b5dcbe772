import { throwIfAborted, type Reader } from '@packhouse/core';
import { extension } from './extension.js';
import { extracted, MAX_CHARACTERS, refuseTooLong, type ReaderLimits } from './extracted.js';
import { asRefusal } from './refusal.js';
import { foreignFormat } from './signature.js';

export interface EmlOptions extends ReaderLimits {
  /** What reads the files attached; without it they are named only. */
  attachments?: Reader;
}

/**
 * Reads mails: who wrote to whom, when and of what; the message; the text of the attachments that `attachments` reads.
 * The others are named. The subject is the title. Signatures are not checked.
 */
export function eml({ maxCharacters = MAX_CHARACTERS, attachments }: EmlOptions = {}): Reader {
  return {
    name: 'mail (.eml)',
    accepts: ({ filename, bytes }) => extension(filename) === 'eml' && foreignFormat(bytes) === null,
    async read(file, signal) {
      throwIfAborted(signal);
      const { mailText } = await import('./mail-text.js');
      const grown = (length: number) => refuseTooLong(file, length, maxCharacters * 2);
      try {
        const { text, title } = await mailText(file, { attachments, grown, signal });
        return extracted(file, text, maxCharacters, title);
      } catch (cause) {
        throw asRefusal(cause, file, 'this mail is damaged and cannot be read.');
      }
    },
  };
}
