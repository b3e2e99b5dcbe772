import type { ChunkStore, TenantId, TenantStore } from '@packhouse/core';
import { asTenant, eachAsTenant, readsWithin, type Db, type TenantTx } from '../db/db.js';
import { remembered } from '../remembered.js';
import { byIds } from './by-ids.js';
import { deleteDocument } from './delete-document.js';
import { embedded } from './embedded.js';
import { hybrid } from './hybrid.js';
import { matching } from './matching.js';
import { nearest } from './nearest.js';
import { replaceDocument } from './replace-document.js';
import type { LastSeen, SearchReads } from './used-analyzers.js';

/** {@link TenantStore} with its optional searches, all of which this store has. */
export type PostgresTenantStore = Required<TenantStore>;

export interface PostgresChunkStore extends ChunkStore {
  forTenant(tenant: TenantId): PostgresTenantStore;
}

const REMEMBERED_TENANTS = 10_000;

/** Chunks in PostgreSQL or PGlite: dense search, BM25 and both in one statement. Each write is a transaction. */
export function chunkStore(db: Db): PostgresChunkStore {
  const lastSeen = remembered<LastSeen>(REMEMBERED_TENANTS, () => ({}));
  return { name: 'postgres', forTenant: (tenant) => inTransactions(db, tenant, lastSeen(tenant)) };
}

/** A tenant's chunks within a transaction that is open already, so that other writes commit with theirs. */
export function tenantChunks(tx: TenantTx): PostgresTenantStore {
  return {
    tenant: tx.tenant,
    ...searches(readsWithin(tx)),
    byIds: (ids, signal) => byIds(tx, ids, signal),
    embedded: (ids, model, signal) => embedded(tx, ids, model, signal),
    replaceDocument: (document, chunks, signal) => replaceDocument(tx, document, chunks, signal),
    deleteDocument: (document, signal) => deleteDocument(tx, document, signal),
  };
}

function inTransactions(db: Db, tenant: TenantId, lastSeen: LastSeen): PostgresTenantStore {
  const within = <T>(signal: AbortSignal | undefined, work: (store: PostgresTenantStore) => Promise<T>) =>
    asTenant(db, tenant, (tx) => work(tenantChunks(tx)), signal);
  return {
    tenant,
    ...searches({ ...eachAsTenant(db, tenant), lastSeen }),
    byIds: (ids, signal) => within(signal, (store) => store.byIds(ids)),
    embedded: (ids, model, signal) => within(signal, (store) => store.embedded(ids, model)),
    replaceDocument: (document, chunks, signal) => within(signal, (store) => store.replaceDocument(document, chunks)),
    deleteDocument: (document, signal) => within(signal, (store) => store.deleteDocument(document)),
  };
}

function searches(reads: SearchReads): Pick<PostgresTenantStore, 'nearest' | 'matching' | 'hybrid'> {
  return {
    nearest: (embedding, options, signal) => nearest(reads, embedding, options, signal),
    matching: (text, options, signal) => matching(reads, text, options, signal),
    hybrid: (question, options, signal) => hybrid(reads, question, options, signal),
  };
}
