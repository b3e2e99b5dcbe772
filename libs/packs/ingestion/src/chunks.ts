import type { Attributes, Chunk, DocumentRef } from '@packhouse/core';
import { chunkId } from './chunk-id.js';
import type { Piece } from './split.js';

/** A document as it is filed: where, and what is known of it. */
export interface FiledDocument extends DocumentRef {
  /** What a person calls it: usually its file name. */
  readonly source: string;
  readonly attributes?: Attributes;
}

/** The chunks of a document, in order, from the pieces of its text. */
export function chunks(document: FiledDocument, pieces: readonly Piece[]): Chunk[] {
  const { collection, documentId, source, attributes = {} } = document;
  const seen = new Map<string, number>();
  return pieces.map((piece, ordinal) => {
    const occurrence = seen.get(piece.text) ?? 0;
    seen.set(piece.text, occurrence + 1);
    const id = chunkId(document, piece.text, occurrence);
    return { id, collection, documentId, ordinal, ...piece, source, attributes };
  });
}
