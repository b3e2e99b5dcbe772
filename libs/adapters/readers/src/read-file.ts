import { throwIfAborted, type ExtractedText, type Reader, type SourceFile } from '@packhouse/core';
import { html } from './html.js';
import { markdown } from './markdown.js';
import { pdf } from './pdf.js';
import { plain } from './plain.js';
import { refusal } from './refusal.js';
import { foreignFormat } from './signature.js';

const ALL: readonly Reader[] = [pdf(), html(), markdown(), plain()];

/**
 * Reads a file with the first reader that takes it, by its bytes and name; a declared media type is not believed.
 *
 * @throws PackhouseError `unsupported` where none does, `empty` for no bytes, else what the reader throws
 */
export async function readFile(file: SourceFile, readers = ALL, signal?: AbortSignal): Promise<ExtractedText> {
  throwIfAborted(signal);
  if (file.bytes.length === 0) throw refusal('empty', file, 'this file has no content.');
  const reader = readers.find((each) => each.accepts(file));
  if (reader) return reader.read(file, signal);
  const looks = foreignFormat(file.bytes);
  const known = readers.map(({ name }) => name).join(', ');
  throw refusal(
    'unsupported',
    file,
    `${looks ? `this is ${looks}` : 'files of this kind are not read'}. Read are: ${known}.`,
  );
}
