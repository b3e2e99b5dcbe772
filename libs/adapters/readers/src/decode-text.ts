import type { SourceFile } from '@packhouse/core';
import { decode } from './decode.js';
import { refusal } from './refusal.js';
import { foreignFormat } from './signature.js';

const SAMPLE = 64 * 1024;

/** The file's characters. @throws PackhouseError `unsupported` for bytes that are not text, whatever they are called */
export function decodeText(file: SourceFile, declared?: string): string {
  const foreign = foreignFormat(file.bytes);
  if (foreign) throw refusal('unsupported', file, `this is ${foreign}, not text.`);
  const text = decode(file.bytes, declared);
  if (looksBinary(text)) throw refusal('unsupported', file, 'this is binary data, not text.');
  return text;
}

/** Text has next to no control characters: one in fifty means that the bytes are something else. */
function looksBinary(text: string): boolean {
  // Terminal colours are the one use of controls that is text.
  const sample = text.slice(0, SAMPLE).replaceAll('\u{1B}[', '');
  const controls = sample.match(/[^\P{Cc}\t\n\r\f\v\u{80}-\u{9F}]|\u{FFFD}/gu)?.length ?? 0;
  return controls * 50 > sample.length;
}
