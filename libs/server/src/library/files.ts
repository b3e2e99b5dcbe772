import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { PackhouseError, throwIfAborted, type TenantId } from '@packhouse/core';
import {
  asTenant,
  files,
  newFileId,
  tenantBlobs,
  tenantChunks,
  type Db,
  type FileRow,
  type TenantTx,
  type VectorStoreFileRow,
} from '@packhouse/postgres';
import type { Parts } from '../parts/parts.js';
import { attach, type AttachRequest } from './attach.js';
import { useStores } from './vector-stores.js';

/** A file that has arrived whole on this machine's disk. */
export interface Upload {
  readonly path: string;
  readonly filename: string;
  readonly mediaType: string;
  readonly purpose: string;
  /** Also attaches it to a store. */
  readonly attachTo?: Omit<AttachRequest, 'fileId' | 'batchId'> | undefined;
}

export interface Uploaded {
  readonly file: FileRow;
  readonly attachment: VectorStoreFileRow | undefined;
}

/** Stores a file and, where a store is named, enqueues its ingestion, in one transaction. */
export async function upload(
  { db, queue }: Parts,
  tenant: TenantId,
  { path, attachTo, ...about }: Upload,
  signal?: AbortSignal,
): Promise<Uploaded> {
  const { sha256, bytes } = await digest(path, signal);
  const store = async (tx: TenantTx) => {
    if (attachTo) await useStores(tx, [attachTo.vectorStoreId]);
    const file = await files.insert(tx, newFileId(), { ...about, bytes, sha256 });
    await tenantBlobs(tx).put(file.fileId, createReadStream(path));
    const attachment = attachTo && (await attach(tx, queue, { ...attachTo, fileId: file.fileId }));
    return { file, attachment };
  };
  return asTenant(db, tenant, store, signal);
}

async function digest(path: string, signal?: AbortSignal): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path)) {
    throwIfAborted(signal);
    hash.update(piece as Buffer);
    bytes += (piece as Buffer).length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** @throws PackhouseError `not_found` */
export async function getFile(db: Db, tenant: TenantId, fileId: string, signal?: AbortSignal): Promise<FileRow> {
  const file = await asTenant(db, tenant, (tx) => files.get(tx, fileId), signal);
  if (!file) throw noFile(fileId);
  return file;
}

/**
 * Deletes a file, its bytes, and its chunks in every store.
 *
 * @throws PackhouseError `not_found`
 */
export async function deleteFile(db: Db, tenant: TenantId, fileId: string, signal?: AbortSignal): Promise<void> {
  const deleteAll = async (tx: TenantTx) => {
    const deleted = await files.delete(tx, fileId);
    if (!deleted) throw noFile(fileId);
    await tenantBlobs(tx).delete(fileId);
    const chunks = tenantChunks(tx);
    for (const collection of deleted.vectorStoreIds) await chunks.deleteDocument({ collection, documentId: fileId });
  };
  await asTenant(db, tenant, deleteAll, signal);
}

const noFile = (fileId: string) => new PackhouseError('not_found', `There is no file "${fileId}".`);
