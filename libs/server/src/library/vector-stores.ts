import { PackhouseError, type Embedder, type Query, type TenantId } from '@packhouse/core';
import {
  asTenant,
  deleteCollection,
  sweepExpiredFiles,
  vectorStoreFiles,
  vectorStores,
  type Db,
  type FileCounts,
  type NewVectorStore,
  type Page,
  type PageRequest,
  type TenantTx,
  type UsedStore,
  type VectorStoreChanges,
  type VectorStoreRow,
} from '@packhouse/postgres';
import { activeEmbedder, embedderOf } from '../generations/active-embedder.js';
import type { Parts } from '../parts/parts.js';
import { attach, type AttachRequest } from './attach.js';
import { sweepBeside } from './sweep-beside.js';

/** Where a question is put, and what it is embedded with. */
export interface SearchPlace {
  readonly where: Pick<Query, 'collections'>;
  /** Undefined where this process does not have the tenant's model open. */
  readonly embedder: Embedder | undefined;
}

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
  signal?: AbortSignal,
): Promise<VectorStore> {
  const create = async (tx: TenantTx) => {
    const row = await vectorStores.insert(tx, store);
    for (const fileId of fileIds) await attach(tx, queue, { vectorStoreId: row.vectorStoreId, fileId, chunking });
    return withCounts(tx, row);
  };
  return asTenant(db, tenant, create, signal);
}

/** @throws PackhouseError `not_found` */
export function getStore(db: Db, tenant: TenantId, vectorStoreId: string, signal?: AbortSignal): Promise<VectorStore> {
  return asTenant(db, tenant, async (tx) => withCounts(tx, await requireStore(tx, vectorStoreId)), signal);
}

export function listStores(
  db: Db,
  tenant: TenantId,
  page: PageRequest,
  signal?: AbortSignal,
): Promise<Page<VectorStore>> {
  const list = async (tx: TenantTx) => {
    const { data, hasMore } = await vectorStores.list(tx, page);
    const counts = await vectorStoreFiles.countsOfStores(
      tx,
      data.map(({ vectorStoreId }) => vectorStoreId),
    );
    return { data: data.map((row) => ({ ...row, counts: counts.get(row.vectorStoreId) as FileCounts })), hasMore };
  };
  return asTenant(db, tenant, list, signal);
}

/** @throws PackhouseError `not_found`, and `invalid_request` for a store that has expired */
export function updateStore(
  db: Db,
  tenant: TenantId,
  vectorStoreId: string,
  changes: VectorStoreChanges,
  signal?: AbortSignal,
): Promise<VectorStore> {
  const update = async (tx: TenantTx) => {
    const row = await vectorStores.update(tx, vectorStoreId, changes);
    if (row) return withCounts(tx, row);
    await requireStore(tx, vectorStoreId);
    throw hasExpired(vectorStoreId);
  };
  return asTenant(db, tenant, update, signal);
}

/**
 * Deletes a store, its attachments and its chunks; the files stay. What is being ingested for it ends nowhere.
 *
 * @throws PackhouseError `not_found`
 */
export async function deleteStore(
  { db, seen }: Pick<Parts, 'db' | 'seen'>,
  tenant: TenantId,
  vectorStoreId: string,
  signal?: AbortSignal,
): Promise<void> {
  const deleteAll = async (tx: TenantTx) => {
    if (!(await vectorStores.delete(tx, vectorStoreId))) throw noStore(vectorStoreId);
    await deleteCollection(tx, vectorStoreId);
  };
  await asTenant(db, tenant, deleteAll, signal).finally(() => seen.forget(tenant));
}

/** @throws PackhouseError `not_found` */
export async function requireStore(tx: TenantTx, vectorStoreId: string): Promise<VectorStoreRow> {
  const row = await vectorStores.get(tx, vectorStoreId);
  if (row) return row;
  throw noStore(vectorStoreId);
}

/**
 * Notes that these stores are used.
 *
 * @throws PackhouseError `not_found` where one of them is not the tenant's, `invalid_request` where one has expired
 */
export async function useStores(tx: TenantTx, vectorStoreIds: readonly string[]): Promise<void> {
  requireUsable(vectorStoreIds, await vectorStores.use(tx, vectorStoreIds));
}

function requireUsable(vectorStoreIds: readonly string[], stores: readonly UsedStore[]): void {
  for (const id of vectorStoreIds) {
    const store = stores.find(({ vectorStoreId }) => vectorStoreId === id);
    if (!store) throw noStore(id);
    if (store.expired) throw hasExpired(id);
  }
}

/**
 * Where a question is to be put, which is a use of these stores: to those that it names, or to all of the tenant's
 * (nothing then) but those that have expired. What is in these is taken out beside the request; files that have expired,
 * before it, because what is in them would be found.
 *
 * @throws PackhouseError as {@link useStores}
 */
export async function storesToSearch(
  parts: Pick<Parts, 'db' | 'seen' | 'beside' | 'embedders'>,
  tenant: TenantId,
  named: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<SearchPlace> {
  const { db, seen, embedders } = parts;
  if (named) {
    const { stores, activeModel, filesDue } = await seen.look(tenant, named, signal);
    requireUsable(named, stores);
    if (filesDue) await sweepExpiredFiles(db, tenant, signal);
    if (!stores.every(({ noted }) => noted)) await asTenant(db, tenant, (tx) => useStores(tx, named), signal);
    return { where: { collections: named }, embedder: embedderOf(embedders, activeModel) };
  }
  const embedder = await activeEmbedder(db, embedders, tenant, signal);
  const { live, filesDue } = await asTenant(db, tenant, (tx) => vectorStores.useAll(tx), signal);
  if (filesDue) await sweepExpiredFiles(db, tenant, signal);
  if (!live) return { where: {}, embedder };
  sweepBeside(parts, tenant);
  return { where: { collections: live }, embedder };
}

const noStore = (vectorStoreId: string) =>
  new PackhouseError('not_found', `There is no vector store "${vectorStoreId}".`);

const hasExpired = (vectorStoreId: string) =>
  new PackhouseError('invalid_request', `The vector store "${vectorStoreId}" has expired. Make a new one.`);

async function withCounts(tx: TenantTx, row: VectorStoreRow): Promise<VectorStore> {
  const counts = await vectorStoreFiles.countsOfStores(tx, [row.vectorStoreId]);
  return { ...row, counts: counts.get(row.vectorStoreId) as FileCounts };
}
