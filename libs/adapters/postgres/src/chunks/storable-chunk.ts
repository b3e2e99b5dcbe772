import { createHash } from 'node:crypto';
import { PackhouseError, type Attributes, type DocumentRef, type NewChunk } from '@packhouse/core';
import { cleanText } from './clean-text.js';
import { isStorable } from './storable-ids.js';

/** A chunk as PostgreSQL can hold it, with its text's digest. */
export interface StorableChunk extends NewChunk {
  readonly digest: string;
}

/**
 * Checks a document's chunks and makes them storable.
 *
 * @throws PackhouseError `invalid_request`
 */
export function storableChunks(document: DocumentRef, chunks: readonly NewChunk[]): StorableChunk[] {
  if (new Set(chunks.map(({ id }) => id)).size < chunks.length) throw invalid('Two of the chunks have the same id.');
  return chunks.map((chunk) => storable(document, chunk));
}

function storable(document: DocumentRef, chunk: NewChunk): StorableChunk {
  const { id, collection, documentId, embedding } = chunk;
  if (collection !== document.collection || documentId !== document.documentId) {
    throw invalid(`The chunk ${id} belongs to another document.`);
  }
  if (![id, collection, documentId].every(isStorable)) throw invalid('An id holds U+0000 or half a character.');
  if (embedding && !embedding.vector.every(Number.isFinite)) throw invalid(`The vector of ${id} is not of numbers.`);
  const text = cleanText(chunk.text);
  const digest = createHash('sha256').update(text).digest('hex');
  return { ...chunk, text, digest, source: cleanText(chunk.source), attributes: cleanAttributes(chunk.attributes) };
}

function cleanAttributes(attributes: Attributes): Attributes {
  const clean = <T>(value: T) => (typeof value === 'string' ? cleanText(value) : value);
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [cleanText(key), clean(value)]));
}

function invalid(message: string): PackhouseError {
  return new PackhouseError('invalid_request', message, { param: 'chunks' });
}
