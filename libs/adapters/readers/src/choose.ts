import type { Reader, SourceFile } from '@packhouse/core';
import { contradiction } from './contradiction.js';
import { refusal } from './refusal.js';
import { foreignFormat } from './signature.js';

/**
 * The first reader that takes a file.
 *
 * @throws PackhouseError `empty` for no bytes; `unsupported` where no reader takes it, or where the name, the bytes and
 *   the declared media type tell of different formats
 */
export function choose(readers: readonly Reader[], file: SourceFile): Reader {
  if (file.bytes.length === 0) throw refusal('empty', file, 'this file has no content.');
  const conflict = contradiction(file);
  if (conflict) throw refusal('unsupported', file, conflict);
  return readers.find((each) => each.accepts(file)) ?? refuse(readers, file);
}

function refuse(readers: readonly Reader[], file: SourceFile): never {
  const looks = foreignFormat(file.bytes);
  const what = looks ? `this is ${looks}` : 'files of this kind are not read';
  throw refusal('unsupported', file, `${what}. Read are: ${readers.map(({ name }) => name).join(', ')}.`);
}
