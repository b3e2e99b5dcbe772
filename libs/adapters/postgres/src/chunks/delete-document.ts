import type { DocumentRef } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { deleteChunks } from './delete-chunks.js';
import { documentChanges } from './document-changes.js';
import { lockExisting } from './lock-corpus.js';
import { termChanges } from './term-changes.js';
import { updateCorpus } from './update-corpus.js';

/** Deletes a document's chunks, within the caller's transaction; returns how many there were. */
export async function deleteDocument(tx: TenantTx, document: DocumentRef, signal?: AbortSignal): Promise<number> {
  if (!(await lockExisting(tx, signal))) return 0;
  const { removed } = await documentChanges(tx, document, [], signal);
  const gone = await deleteChunks(tx, removed, signal);
  if (gone.length > 0) await updateCorpus(tx, termChanges([], gone), signal);
  return gone.length;
}
