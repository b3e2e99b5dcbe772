import type { Chunk } from '../../passage.js';
import { codePointLength } from '../../text/code-points.js';

/** A whole chunk from the part of it that a test is about. Its span is that of its text, from 0. */
export function chunk({ text = 'A text.', ...rest }: Partial<Chunk> = {}): Chunk {
  return {
    id: `chunk of ${text}`,
    collection: 'docs',
    documentId: 'doc',
    ordinal: 0,
    text,
    span: { start: 0, end: codePointLength(text) },
    pages: [],
    source: 'doc.txt',
    attributes: {},
    ...rest,
  };
}
