import { PackhouseError, type TenantId } from '@packhouse/core';
import {
  asTenant,
  vectorStoreFiles,
  vectorStores,
  type Db,
  type FileCounts,
  type NewVectorStore,
  type Page,
  type PageRequest,
  type TenantTx,
  type VectorStoreRow,
} from '@packhouse/postgres';
import type { Parts } from '../parts/parts.js';
import { attach, type AttachRequest } from './attach.js';

/** A store and what is in it. */
export interface VectorStore extends VectorStoreRow {
  readonly counts: FileCounts;
}

export interface CreateVectorStore extends NewVectorStore {
  /** Files to begin with. */
  readonly fileIds: readonly string[];
  readonly chunking?: AttachRequest['chunking'];
}

export function createStore(
  { db, queue }: Parts,
  tenant: TenantId,
  { fileIds, chunking, ...store }: CreateVectorStore,
): Promise<VectorStore> {
  return asTenant(db, tenant, async (tx) => {
    const row = await vectorStores.insert(tx, store);
    for (const fileId of fileIds) await attach(tx, queue, { vectorStoreId: row.vectorStoreId, fileId, chunking });
    return withCounts(tx, row);
  });
}

/** @throws PackhouseError `not_found` */
export function getStore(db: Db, tenant: TenantId, vectorStoreId: string): Promise<VectorStore> {
  return asTenant(db, tenant, async (tx) => withCounts(tx, await requireStore(tx, vectorStoreId)));
}

export function listStores(db: Db, tenant: TenantId, page: PageRequest): Promise<Page<VectorStore>> {
  return asTenant(db, tenant, async (tx) => {
    const { data, hasMore } = await vectorStores.list(tx, page);
    const counts = await vectorStoreFiles.countsOfStores(
      tx,
      data.map(({ vectorStoreId }) => vectorStoreId),
    );
    return { data: data.map((row) => ({ ...row, counts: counts.get(row.vectorStoreId) as FileCounts })), hasMore };
  });
}

/** @throws PackhouseError `not_found` */
export async function requireStore(tx: TenantTx, vectorStoreId: string): Promise<VectorStoreRow> {
  const row = await vectorStores.get(tx, vectorStoreId);
  if (row) return row;
  throw new PackhouseError('not_found', `There is no vector store "${vectorStoreId}".`);
}

/** Notes that these stores are used. @throws PackhouseError `not_found` where one of them is not the tenant's */
export async function useStores(db: Db, tenant: TenantId, vectorStoreIds: readonly string[]): Promise<void> {
  await asTenant(db, tenant, async (tx) => {
    for (const id of vectorStoreIds) {
      await requireStore(tx, id);
      await vectorStores.touch(tx, id);
    }
  });
}

async function withCounts(tx: TenantTx, row: VectorStoreRow): Promise<VectorStore> {
  const counts = await vectorStoreFiles.countsOfStores(tx, [row.vectorStoreId]);
  return { ...row, counts: counts.get(row.vectorStoreId) as FileCounts };
}
