import type { DocumentRef } from '@packhouse/core';
import { createHash } from 'node:crypto';

/**
 * The id of a chunk: the same for the same text in the same document, wherever it stands there, so that what did not
 * change is known again. `occurrence` counts from 0 the times that a document repeats a text.
 */
export function chunkId({ collection, documentId }: DocumentRef, text: string, occurrence: number): string {
  const content = JSON.stringify([collection, documentId, occurrence, text]);
  // 128 bits, as short as may be: an id stands in each narrow row that a search scans.
  return `chunk_${createHash('sha256').update(content).digest().subarray(0, 16).toString('base64url')}`;
}
