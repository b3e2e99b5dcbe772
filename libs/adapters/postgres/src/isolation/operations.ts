import type { Embedder, TenantBlobs } from '@packhouse/core';
import { postgresBudget } from '../budget/postgres-budget.js';
import { usage } from '../budget/usage.js';
import { apiKeys } from '../catalogue/api-keys.js';
import { eraseFile } from '../catalogue/erase-file.js';
import { newFileId, files } from '../catalogue/files.js';
import { fileBatches } from '../catalogue/file-batches.js';
import { isSuspended } from '../catalogue/suspension.js';
import { ensureTenant, eraseTenant } from '../catalogue/tenants.js';
import { keptAnswers } from '../catalogue/kept-answers.js';
import { vectorStoreFiles } from '../catalogue/vector-store-files.js';
import { vectorStores } from '../catalogue/vector-stores.js';
import { postgresBlobs } from '../blobs/postgres-blobs.js';
import { tenantBlobs } from '../blobs/tenant-blobs.js';
import { chunkStore, tenantChunks, type PostgresTenantStore } from '../chunks/chunk-store.js';
import { deleteCollection } from '../chunks/delete-collection.js';
import { documentText } from '../chunks/document-text.js';
import { setAttributes } from '../chunks/set-attributes.js';
import { sweepExpired, sweepExpiredFiles } from '../catalogue/sweep-expired.js';
import { reanalyse } from '../chunks/reanalyse.js';
import type { Db, TenantTx } from '../db/db.js';
import { buildGeneration } from '../generations/build-generation.js';
import { compareGenerations } from '../generations/compare-generations.js';
import { dropGeneration } from '../generations/drop-generation.js';
import { generations } from '../generations/generations.js';
import { questions } from '../generations/questions.js';
import { bytesOf, CALL, chunkOf, FILE, KEY, OPERATION, VECTOR, type Target } from './two-tenants.js';

export interface Call {
  /** The caller's transaction. */
  readonly tx: TenantTx;
  /** For what opens transactions of its own. */
  readonly db: Db;
  /** What the call is about; often not the caller's. */
  readonly target: Target;
}

export type Operation = (call: Call) => Promise<unknown> | AsyncIterable<unknown>;

const PAGE = { limit: 10, order: 'asc' } as const;
const CHUNKING = { maxChunkSizeTokens: 800, chunkOverlapTokens: 400 };
const WEIGHTS = { lexical: 1, dense: 1 };

/** A call of every method that is exported and works on a tenant's rows, by its name: a row of the matrix each. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ensureTenant: ({ tx }) => ensureTenant(tx),
  eraseTenant: ({ tx }) => eraseTenant(tx),
  documentText: ({ tx, target }) => documentText(tx, target.document),
  deleteCollection: ({ tx, target }) => deleteCollection(tx, target.store),
  setAttributes: ({ tx, target }) => setAttributes(tx, target.document, { of: 'mine' }),
  eraseFile: ({ tx, target }) => eraseFile(tx, target.file),
  sweepExpired: async ({ db, tx, target }) => {
    await expire(tx, target.store);
    await expireFile(tx, target.file);
    return sweepExpired(db, tx.tenant);
  },
  sweepExpiredFiles: async ({ db, tx, target }) => {
    await expireFile(tx, target.file);
    return sweepExpiredFiles(db, tx.tenant);
  },

  'files.insert': ({ tx, target }) => files.insert(tx, target.file, { ...FILE, filename: 'a.txt' }),
  'files.get': ({ tx, target }) => files.get(tx, target.file),
  'files.getMany': ({ tx, target }) => files.getMany(tx, [target.file, newFileId()]),
  'files.list': async ({ tx, target }) => [
    await files.list(tx, PAGE),
    await files.list(tx, { ...PAGE, after: target.file }),
  ],
  'files.nextExpired': async ({ tx, target }) => {
    await expireFile(tx, target.file);
    return files.nextExpired(tx);
  },
  'files.delete': ({ tx, target }) => files.delete(tx, target.file),

  isSuspended: ({ tx }) => isSuspended(tx),
  'apiKeys.insert': ({ tx, target }) => apiKeys.insert(tx, target.key, { ...KEY, name: 'mine' }),
  'apiKeys.find': ({ tx, target }) => apiKeys.find(tx, target.key),
  'apiKeys.list': async ({ tx, target }) => [
    await apiKeys.list(tx, PAGE),
    await apiKeys.list(tx, { ...PAGE, after: target.key }),
  ],
  'apiKeys.touch': ({ tx, target }) => apiKeys.touch(tx, target.key),
  'apiKeys.delete': ({ tx, target }) => apiKeys.delete(tx, target.key),

  'vectorStores.insert': ({ tx, target }) => vectorStores.insert(tx, { name: target.store }),
  'vectorStores.get': ({ tx, target }) => vectorStores.get(tx, target.store),
  'vectorStores.list': async ({ tx, target }) => [
    await vectorStores.list(tx, PAGE),
    await vectorStores.list(tx, { ...PAGE, after: target.store }),
  ],
  'vectorStores.update': ({ tx, target }) =>
    vectorStores.update(tx, target.store, { name: 'mine', expiresAfterDays: 1 }),
  'vectorStores.use': async ({ tx, target }) => {
    await age(tx, target.store);
    return vectorStores.use(tx, [target.store]);
  },
  'vectorStores.look': ({ tx, target }) => vectorStores.look(tx, [target.store]),
  'vectorStores.useAll': async ({ tx, target }) => {
    await vectorStores.update(tx, target.store, { expiresAfterDays: 1 });
    const active = [await vectorStores.useAll(tx), await vectorStores.get(tx, target.store)];
    await age(tx, target.store);
    return [...active, await vectorStores.useAll(tx)];
  },
  'vectorStores.unswept': async ({ tx, target }) => {
    await expire(tx, target.store);
    return vectorStores.unswept(tx);
  },
  'vectorStores.empty': async ({ tx, target }) => {
    await expire(tx, target.store);
    return vectorStores.empty(tx, target.store);
  },
  'vectorStores.delete': ({ tx, target }) => vectorStores.delete(tx, target.store),

  'fileBatches.insert': ({ tx, target }) => fileBatches.insert(tx, target.store),
  'fileBatches.get': ({ tx, target }) => fileBatches.get(tx, target.store, target.batch),
  'fileBatches.cancel': ({ tx, target }) => fileBatches.cancel(tx, target.store, target.batch),

  'vectorStoreFiles.attach': ({ tx, target }) =>
    vectorStoreFiles.attach(tx, {
      vectorStoreId: target.store,
      fileId: target.file,
      batchId: target.batch,
      chunking: CHUNKING,
    }),
  'vectorStoreFiles.get': ({ tx, target }) => vectorStoreFiles.get(tx, target.store, target.file),
  'vectorStoreFiles.list': ({ tx, target }) => vectorStoreFiles.list(tx, target.store, PAGE),
  'vectorStoreFiles.countsOfStores': ({ tx, target }) => vectorStoreFiles.countsOfStores(tx, [target.store]),
  'vectorStoreFiles.countsOfBatch': ({ tx, target }) => vectorStoreFiles.countsOfBatch(tx, target.store, target.batch),
  'vectorStoreFiles.inProgress': ({ tx, target }) => vectorStoreFiles.inProgress(tx, target.ingestion),
  'vectorStoreFiles.lockInProgress': ({ tx, target }) => vectorStoreFiles.lockInProgress(tx, target.ingestion),
  'vectorStoreFiles.finish': ({ tx, target }) =>
    vectorStoreFiles.finish(tx, target.ingestion, { status: 'completed', usageBytes: 1 }),
  'vectorStoreFiles.setAttributes': ({ tx, target }) =>
    vectorStoreFiles.setAttributes(tx, target.store, target.file, { of: 'mine' }),
  'vectorStoreFiles.detach': ({ tx, target }) => vectorStoreFiles.detach(tx, target.store, target.file),

  'keptAnswers.claim': ({ tx, target }) => keptAnswers.claim(tx, { operation: OPERATION, key: target.store }),
  'keptAnswers.keep': async ({ tx, target }) => {
    const request = { operation: OPERATION, key: target.store };
    await keptAnswers.keep(tx, { ...request, fingerprint: FILE.sha256, answer: 'mine' });
    return keptAnswers.claim(tx, { operation: OPERATION, key: 'vs_shared' });
  },

  'usage.list': ({ tx }) => usage.list(tx, PAGE),
  'postgresBudget.today': ({ db, tx }) => budget(db, tx).today(),
  'postgresBudget.reserve': async ({ db, tx, target }) => {
    const reservation = await budget(db, tx).reserve({ ...CALL, model: target.model });
    await reservation.settle({ ...CALL, estimated: false });
    return budget(db, tx).today();
  },

  'generations.list': ({ tx }) => generations.list(tx),
  'generations.activeModel': ({ tx }) => generations.activeModel(tx),
  'generations.begin': ({ tx, target }) => generations.begin(tx, { model: target.model, dimensions: 3 }),
  'generations.put': ({ tx, target }) => putBeside(tx, [target.chunk]),
  'generations.missing': async ({ tx, target }) => {
    await putBeside(tx, [target.chunk]);
    const all = await generations.list(tx);
    return Promise.all(all.map(({ generation }) => generations.missing(tx, generation)));
  },
  'generations.hold': ({ tx, target }) => generations.hold(tx, target.model, 'on purpose'),
  'generations.switch': ({ tx, target }) => generations.switch(tx, target.model),
  'generations.rollback': async ({ tx, target }) => {
    await putBeside(tx, [target.chunk, 'chunk-shared']);
    await generations.switch(tx, BESIDE.model);
    return generations.rollback(tx);
  },
  'questions.record': ({ tx, target }) => questions.record(tx, target.word),
  'questions.list': ({ tx }) => questions.list(tx),
  buildGeneration: ({ db, tx, target }) => buildGeneration(db, tx.tenant, embedder(target.model)),
  compareGenerations: ({ db, tx, target }) =>
    compareGenerations(db, tx.tenant, { from: embedder(target.model), to: embedder('model-shared') }),
  dropGeneration: async ({ db, tx, target }) => {
    await buildGeneration(db, tx.tenant, embedder(BESIDE.model));
    await dropGeneration(db, tx.tenant, BESIDE.model);
    return dropGeneration(db, tx.tenant, target.model).catch(String);
  },
  // As an earlier version would have left it.
  reanalyse: async ({ db, tx }) => {
    for (const table of ['chunk_terms', 'analyses']) {
      await tx.query(`update packhouse.${table} set analyzer = 'en/0' where tenant_id in ($1)`, [tx.tenant]);
    }
    return reanalyse(db, tx.tenant);
  },

  ...chunkOperations('tenantChunks', ({ tx }) => tenantChunks(tx)),
  ...chunkOperations('chunkStore', ({ db, tx }) => chunkStore(db).forTenant(tx.tenant)),
  ...blobOperations('tenantBlobs', ({ tx }) => tenantBlobs(tx)),
  ...blobOperations('postgresBlobs', ({ db, tx }) => postgresBlobs(db).forTenant(tx.tenant)),
};

/** These set the tenant themselves: without one there is nothing to call. */
export const setsTenantItself = (name: string) =>
  /^(chunkStore|postgresBlobs|postgresBudget)\.|^(build|compare|drop)Generation|^reanalyse$|^sweepExpired/.test(name);

const budget = (db: Db, { tenant }: TenantTx) => postgresBudget(db, { lapseSeconds: 60 }).forTenant(tenant);

/** A store that nobody has used for a day, by the application's own rights and under its policy. */
const age = (tx: TenantTx, store: string) =>
  tx.query(
    `update packhouse.vector_stores set last_active_at = now() - interval '25 hours'
     where tenant_id in ($1) and vector_store_id = $2`,
    [tx.tenant, store],
  );

async function expire(tx: TenantTx, store: string): Promise<void> {
  await vectorStores.update(tx, store, { expiresAfterDays: 1 });
  await age(tx, store);
}

const expireFile = (tx: TenantTx, file: string) =>
  tx.query(`update packhouse.files set expires_at = now() where tenant_id in ($1) and file_id = $2`, [tx.tenant, file]);

/** A model that no tenant has vectors of. */
const BESIDE = { model: 'model-beside', dimensions: 3 };

const embedder = (model: string): Embedder => ({
  ...{ model, dimensions: 3, maxBatch: 8, learned: true, languages: ['*'] },
  embed: async (texts) => texts.map(() => VECTOR),
});

async function putBeside(tx: TenantTx, ids: readonly string[]): Promise<number> {
  await generations.begin(tx, BESIDE);
  return generations.put(
    tx,
    BESIDE.model,
    ids.map((id) => ({ id, vector: VECTOR })),
  );
}

function chunkOperations(name: string, store: (call: Call) => PostgresTenantStore): Record<string, Operation> {
  const named = (call: Call) => ({ limit: 10, collections: [call.target.store] });
  const embedding = ({ target: { model } }: Call) => ({ model, vector: VECTOR });
  const filter = { type: 'ne', key: 'of', value: 'nothing' } as const;
  const text = ({ target }: Call) => target.word;
  return {
    [`${name}.nearest`]: async (call) => [
      await store(call).nearest(embedding(call), { limit: 10 }),
      await store(call).nearest(embedding(call), { ...named(call), filter, minScore: 0.1 }),
    ],
    [`${name}.matching`]: async (call) => [
      await store(call).matching(text(call), { limit: 10 }),
      await store(call).matching(`"${text(call)}" +${text(call)}`, { ...named(call), filter, minScore: 0.001 }),
    ],
    [`${name}.hybrid`]: async (call) => {
      const question = { text: text(call), embedding: embedding(call), weights: WEIGHTS };
      return [
        await store(call).hybrid(question, { limit: 10 }),
        await store(call).hybrid(question, { ...named(call), filter, minScore: 0.001 }),
      ];
    },
    [`${name}.byIds`]: (call) => store(call).byIds([call.target.chunk]),
    [`${name}.embedded`]: (call) => store(call).embedded([call.target.chunk], call.target.model),
    // A second text, of another length, has every kind of statement run: kept, removed, added, weighed anew.
    [`${name}.replaceDocument`]: async (call) => {
      const { document, word } = call.target;
      const mine = chunkOf(call.target, 'mine');
      const longer = { ...mine, id: `${mine.id}-2`, ordinal: 1, text: `${word} and some more of it. `.repeat(20) };
      return [
        await store(call).replaceDocument(document, [mine, longer]),
        await store(call).replaceDocument(document, [{ ...mine, ordinal: 1 }]),
      ];
    },
    [`${name}.deleteDocument`]: (call) => store(call).deleteDocument(call.target.document),
  };
}

function blobOperations(name: string, blobs: (call: Call) => TenantBlobs): Record<string, Operation> {
  return {
    [`${name}.put`]: (call) => blobs(call).put(call.target.blob, bytesOf('mine')),
    [`${name}.get`]: (call) => blobs(call).get(call.target.blob),
    [`${name}.delete`]: (call) => blobs(call).delete(call.target.blob),
  };
}
