import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { PackhouseError, throwIfAborted, type TenantId } from '@packhouse/core';
import {
  asTenant,
  eraseFile,
  files,
  newFileId,
  tenantBlobs,
  type Db,
  type FileRow,
  type TenantTx,
  type VectorStoreFileRow,
} from '@packhouse/postgres';
import type { Parts } from '../parts/parts.js';
import { attach, type AttachRequest } from './attach.js';
import { useStores } from './vector-stores.js';

/** A file that has arrived whole on this machine's disk. */
export interface Upload extends Digest {
  readonly path: string;
  readonly filename: string;
  readonly mediaType: string;
  readonly purpose: string;
  readonly expiresAfterSeconds?: number | undefined;
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
  const store = async (tx: TenantTx) => {
    if (attachTo) await useStores(tx, [attachTo.vectorStoreId]);
    const file = await files.insert(tx, newFileId(), about);
    await tenantBlobs(tx).put(file.fileId, createReadStream(path));
    const attachment = attachTo && (await attach(tx, queue, { ...attachTo, fileId: file.fileId }));
    return { file, attachment };
  };
  return asTenant(db, tenant, store, signal);
}

export interface Digest {
  /** In hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Piece by piece: it may be larger than the memory. */
export async function digest(path: string, signal?: AbortSignal): Promise<Digest> {
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
  if (!(await asTenant(db, tenant, (tx) => eraseFile(tx, fileId), signal))) throw noFile(fileId);
}

const noFile = (fileId: string) => new PackhouseError('not_found', `There is no file "${fileId}".`);
