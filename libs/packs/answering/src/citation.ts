import { codePointIndex, pageAt, type Citation, type Span } from '@packhouse/core';
import type { Quotable } from './quotable.js';

/** The citation of a stretch of a chunk for a part of the answer, in code points. */
export function citation({ chunk, text, start, end }: Quotable, cites: Span): Citation {
  const codePoint = codePointIndex(chunk.text);
  const span = { start: chunk.span.start + codePoint(start), end: chunk.span.start + codePoint(end) };
  const { id: chunkId, collection, documentId, source, pages } = chunk;
  return { chunkId, collection, documentId, source, page: pageAt(pages, span.start), quote: text, span, cites };
}
