import type { Attributes, DocumentRef } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { lockExisting } from './lock-corpus.js';

/** Gives all chunks of a document these attributes, within the caller's transaction, so that filters go by them. */
export async function setAttributes(
  tx: TenantTx,
  { collection, documentId }: DocumentRef,
  attributes: Attributes,
  signal?: AbortSignal,
): Promise<void> {
  if (!(await lockExisting(tx, signal))) return;
  await tx.query(SET, [tx.tenant, collection, documentId, JSON.stringify(attributes)], signal);
}

const SET = `
  update packhouse.chunks set attributes = $4::text::jsonb
  where tenant_id = $1 and collection = $2 and document_id = $3`;
