import { setTimeout as sleep } from 'node:timers/promises';
import { PackhouseError, type Attributes, type TenantId } from '@packhouse/core';
import {
  asTenant,
  documentText,
  files,
  setAttributes,
  tenantChunks,
  vectorStoreFiles,
  type Db,
  type ListAttachments,
  type Page,
  type TenantTx,
  type VectorStoreFileRow,
} from '@packhouse/postgres';
import type { Parts } from '../parts/parts.js';
import { attach, type AttachRequest } from './attach.js';
import { requireStore, useStores } from './vector-stores.js';

/** @throws PackhouseError `not_found`, and `invalid_request` for a store that has expired */
export function attachFile(
  { db, queue }: Parts,
  tenant: TenantId,
  request: AttachRequest,
  signal?: AbortSignal,
): Promise<VectorStoreFileRow> {
  const attachTo = async (tx: TenantTx) => {
    await useStores(tx, [request.vectorStoreId]);
    return attach(tx, queue, request);
  };
  return asTenant(db, tenant, attachTo, signal);
}

/**
 * Changes what a file in a store, and every passage of it, is filtered by.
 *
 * @throws PackhouseError `not_found`, and `invalid_request` for a store that has expired
 */
export function updateAttributes(
  db: Db,
  tenant: TenantId,
  vectorStoreId: string,
  fileId: string,
  attributes: Attributes,
  signal?: AbortSignal,
): Promise<VectorStoreFileRow> {
  const update = async (tx: TenantTx) => {
    await useStores(tx, [vectorStoreId]);
    const row = await vectorStoreFiles.setAttributes(tx, vectorStoreId, fileId, attributes);
    if (!row) throw notAttached(vectorStoreId, fileId);
    await setAttributes(tx, { collection: vectorStoreId, documentId: fileId }, attributes);
    return row;
  };
  return asTenant(db, tenant, update, signal);
}

/** @throws PackhouseError `not_found` */
export async function getAttachment(
  db: Db,
  tenant: TenantId,
  vectorStoreId: string,
  fileId: string,
  signal?: AbortSignal,
): Promise<VectorStoreFileRow> {
  const row = await asTenant(db, tenant, (tx) => vectorStoreFiles.get(tx, vectorStoreId, fileId), signal);
  if (!row) throw notAttached(vectorStoreId, fileId);
  return row;
}

/** @throws PackhouseError `not_found` for a store that is not there */
export function listAttachments(
  db: Db,
  tenant: TenantId,
  vectorStoreId: string,
  page: ListAttachments,
  signal?: AbortSignal,
): Promise<Page<VectorStoreFileRow>> {
  const list = async (tx: TenantTx) => {
    await requireStore(tx, vectorStoreId);
    return vectorStoreFiles.list(tx, vectorStoreId, page);
  };
  return asTenant(db, tenant, list, signal);
}

/**
 * The text that was extracted from a file: what spans of its passages and citations point into. Empty until it is
 * ingested.
 *
 * @throws PackhouseError `not_found`
 */
export function attachmentText(
  db: Db,
  tenant: TenantId,
  vectorStoreId: string,
  fileId: string,
  signal?: AbortSignal,
): Promise<string> {
  const read = async (tx: TenantTx) => {
    const attachment = await vectorStoreFiles.get(tx, vectorStoreId, fileId);
    // It may have expired, and its attachment be left.
    if (!attachment || !(await files.get(tx, fileId))) throw notAttached(vectorStoreId, fileId);
    return (await documentText(tx, { collection: vectorStoreId, documentId: fileId })) ?? '';
  };
  return asTenant(db, tenant, read, signal);
}

/** Takes a file out of a store, with its chunks there. @throws PackhouseError `not_found` */
export async function detachFile(
  db: Db,
  tenant: TenantId,
  vectorStoreId: string,
  fileId: string,
  signal?: AbortSignal,
): Promise<void> {
  const detach = async (tx: TenantTx) => {
    const detached = await vectorStoreFiles.detach(tx, vectorStoreId, fileId);
    if (!detached) throw notAttached(vectorStoreId, fileId);
    await tenantChunks(tx).deleteDocument({ collection: vectorStoreId, documentId: fileId });
  };
  await asTenant(db, tenant, detach, signal);
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
