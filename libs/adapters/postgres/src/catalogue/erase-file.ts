import { tenantBlobs } from '../blobs/tenant-blobs.js';
import { deleteDocument } from '../chunks/delete-document.js';
import type { TenantTx } from '../db/db.js';
import { files } from './files.js';

/** Deletes all there is of a file, its bytes, attachments and chunks, within the caller's transaction; false where it is not there. */
export async function eraseFile(tx: TenantTx, fileId: string, signal?: AbortSignal): Promise<boolean> {
  const deleted = await files.delete(tx, fileId, signal);
  if (!deleted) return false;
  await tenantBlobs(tx).delete(fileId, signal);
  for (const collection of deleted.vectorStoreIds) {
    await deleteDocument(tx, { collection, documentId: fileId }, signal);
  }
  return true;
}
