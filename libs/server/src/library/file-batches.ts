import { PackhouseError, type TenantId } from '@packhouse/core';
import {
  asTenant,
  fileBatches,
  vectorStoreFiles,
  type Db,
  type FileBatchRow,
  type FileCounts,
  type ListAttachments,
  type Page,
  type TenantTx,
  type VectorStoreFileRow,
} from '@packhouse/postgres';
import type { Parts } from '../parts/parts.js';
import { attach, type AttachRequest } from './attach.js';
import { useStores } from './vector-stores.js';

/** Files attached together, and how far they are. */
export interface FileBatch extends FileBatchRow {
  readonly counts: FileCounts;
}

/**
 * @throws PackhouseError `not_found` where the store or one of the files is not there, `invalid_request` for a store that
 *   has expired; none is attached then
 */
export function createBatch(
  { db, queue }: Parts,
  tenant: TenantId,
  vectorStoreId: string,
  requests: readonly Omit<AttachRequest, 'vectorStoreId' | 'batchId'>[],
  signal?: AbortSignal,
): Promise<FileBatch> {
  const create = async (tx: TenantTx) => {
    await useStores(tx, [vectorStoreId]);
    const batch = await fileBatches.insert(tx, vectorStoreId);
    if (!batch) throw new PackhouseError('not_found', `There is no vector store "${vectorStoreId}".`);
    for (const request of requests) await attach(tx, queue, { ...request, vectorStoreId, batchId: batch.batchId });
    return withCounts(tx, batch);
  };
  return asTenant(db, tenant, create, signal);
}

/** @throws PackhouseError `not_found` */
export function getBatch(
  db: Db,
  tenant: TenantId,
  vectorStoreId: string,
  batchId: string,
  signal?: AbortSignal,
): Promise<FileBatch> {
  return asTenant(db, tenant, async (tx) => withCounts(tx, await fileBatches.get(tx, vectorStoreId, batchId)), signal);
}

/** Files that are ingested already stay. @throws PackhouseError `not_found` */
export function cancelBatch(
  db: Db,
  tenant: TenantId,
  vectorStoreId: string,
  batchId: string,
  signal?: AbortSignal,
): Promise<FileBatch> {
  const cancel = async (tx: TenantTx) => withCounts(tx, await fileBatches.cancel(tx, vectorStoreId, batchId));
  return asTenant(db, tenant, cancel, signal);
}

/** @throws PackhouseError `not_found` */
export function listBatch(
  db: Db,
  tenant: TenantId,
  vectorStoreId: string,
  batchId: string,
  page: Omit<ListAttachments, 'batchId'>,
  signal?: AbortSignal,
): Promise<Page<VectorStoreFileRow>> {
  const list = async (tx: TenantTx) => {
    requireBatch(await fileBatches.get(tx, vectorStoreId, batchId));
    return vectorStoreFiles.list(tx, vectorStoreId, { ...page, batchId });
  };
  return asTenant(db, tenant, list, signal);
}

async function withCounts(tx: TenantTx, found: FileBatchRow | null): Promise<FileBatch> {
  const batch = requireBatch(found);
  return { ...batch, counts: await vectorStoreFiles.countsOfBatch(tx, batch.vectorStoreId, batch.batchId) };
}

function requireBatch(batch: FileBatchRow | null): FileBatchRow {
  if (batch) return batch;
  throw new PackhouseError('not_found', 'There is no such file batch in this vector store.');
}
