import type { ChunkStore, TenantId, TenantStore } from '@packhouse/core';
import { asTenant, type Db, type TenantTx } from '../db/db.js';
import { byIds } from './by-ids.js';
import { deleteDocument } from './delete-document.js';
import { embedded } from './embedded.js';
import { hybrid } from './hybrid.js';
import { matching } from './matching.js';
import { nearest } from './nearest.js';
import { replaceDocument } from './replace-document.js';

/** {@link TenantStore} with its optional searches, all of which this store has. */
export type PostgresTenantStore = Required<TenantStore>;

export interface PostgresChunkStore extends ChunkStore {
  forTenant(tenant: TenantId): PostgresTenantStore;
}

/** Chunks in PostgreSQL or PGlite: dense search, BM25 and both in one statement. Each call is a transaction. */
export function chunkStore(db: Db): PostgresChunkStore {
  return { name: 'postgres', forTenant: (tenant) => inTransactions(db, tenant) };
}

/** A tenant's chunks within a transaction that is open already, so that other writes commit with theirs. */
export function tenantChunks(tx: TenantTx): PostgresTenantStore {
  return {
    tenant: tx.tenant,
    nearest: (embedding, options, signal) => nearest(tx, embedding, options, signal),
    matching: (text, options, signal) => matching(tx, text, options, signal),
    hybrid: (question, options, signal) => hybrid(tx, question, options, signal),
    byIds: (ids, signal) => byIds(tx, ids, signal),
    embedded: (ids, model, signal) => embedded(tx, ids, model, signal),
    replaceDocument: (document, chunks, signal) => replaceDocument(tx, document, chunks, signal),
    deleteDocument: (document, signal) => deleteDocument(tx, document, signal),
  };
}

function inTransactions(db: Db, tenant: TenantId): PostgresTenantStore {
  const within = <T>(signal: AbortSignal | undefined, work: (store: PostgresTenantStore) => Promise<T>) =>
    asTenant(db, tenant, (tx) => work(tenantChunks(tx)), signal);
  return {
    tenant,
    nearest: (embedding, options, signal) => within(signal, (store) => store.nearest(embedding, options)),
    matching: (text, options, signal) => within(signal, (store) => store.matching(text, options)),
    hybrid: (question, options, signal) => within(signal, (store) => store.hybrid(question, options)),
    byIds: (ids, signal) => within(signal, (store) => store.byIds(ids)),
    embedded: (ids, model, signal) => within(signal, (store) => store.embedded(ids, model)),
    replaceDocument: (document, chunks, signal) => within(signal, (store) => store.replaceDocument(document, chunks)),
    deleteDocument: (document, signal) => within(signal, (store) => store.deleteDocument(document)),
  };
}
