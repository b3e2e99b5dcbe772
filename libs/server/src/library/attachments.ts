import { setTimeout as sleep } from 'node:timers/promises';
import { PackhouseError, type TenantId } from '@packhouse/core';
import {
  asTenant,
  documentText,
  tenantChunks,
  vectorStoreFiles,
  type Db,
  type ListAttachments,
  type Page,
  type VectorStoreFileRow,
} from '@packhouse/postgres';
import type { Parts } from '../parts/parts.js';
import { attach, type AttachRequest } from './attach.js';
import { requireStore } from './vector-stores.js';

/** @throws PackhouseError `not_found` */
export function attachFile(
  { db, queue }: Parts,
  tenant: TenantId,
  request: AttachRequest,
): Promise<VectorStoreFileRow> {
  return asTenant(db, tenant, (tx) => attach(tx, queue, request));
}

/** @throws PackhouseError `not_found` */
export async function getAttachment(
  db: Db,
  tenant: TenantId,
  vectorStoreId: string,
  fileId: string,
): Promise<VectorStoreFileRow> {
  const row = await asTenant(db, tenant, (tx) => vectorStoreFiles.get(tx, vectorStoreId, fileId));
  if (!row) throw notAttached(vectorStoreId, fileId);
  return row;
}

/** @throws PackhouseError `not_found` for a store that is not there */
export function listAttachments(
  db: Db,
  tenant: TenantId,
  vectorStoreId: string,
  page: ListAttachments,
): Promise<Page<VectorStoreFileRow>> {
  return asTenant(db, tenant, async (tx) => {
    await requireStore(tx, vectorStoreId);
    return vectorStoreFiles.list(tx, vectorStoreId, page);
  });
}

/**
 * The text that was extracted from a file: what spans of its passages and citations point into. Empty until it is
 * ingested.
 *
 * @throws PackhouseError `not_found`
 */
export function attachmentText(db: Db, tenant: TenantId, vectorStoreId: string, fileId: string): Promise<string> {
  return asTenant(db, tenant, async (tx) => {
    if (!(await vectorStoreFiles.get(tx, vectorStoreId, fileId))) throw notAttached(vectorStoreId, fileId);
    return (await documentText(tx, { collection: vectorStoreId, documentId: fileId })) ?? '';
  });
}

/** Takes a file out of a store, with its chunks there. @throws PackhouseError `not_found` */
export async function detachFile(db: Db, tenant: TenantId, vectorStoreId: string, fileId: string): Promise<void> {
  await asTenant(db, tenant, async (tx) => {
    const detached = await vectorStoreFiles.detach(tx, vectorStoreId, fileId);
    if (!detached) throw notAttached(vectorStoreId, fileId);
    await tenantChunks(tx).deleteDocument({ collection: vectorStoreId, documentId: fileId });
  });
}

const POLL_MS = 100;

/** The attachment once its ingestion has ended, or as it stands when `ms` are over or the caller has gone. */
export async function settledAttachment(
  db: Db,
  tenant: TenantId,
  { vectorStoreId, fileId }: Pick<VectorStoreFileRow, 'vectorStoreId' | 'fileId'>,
  ms: number,
  signal: AbortSignal,
): Promise<VectorStoreFileRow> {
  const deadline = Date.now() + ms;
  for (;;) {
    const row = await getAttachment(db, tenant, vectorStoreId, fileId);
    if (row.status !== 'in_progress' || Date.now() >= deadline || signal.aborted) return row;
    await sleep(POLL_MS);
  }
}

const notAttached = (vectorStoreId: string, fileId: string) =>
  new PackhouseError('not_found', `There is no file "${fileId}" in vector store "${vectorStoreId}".`);
