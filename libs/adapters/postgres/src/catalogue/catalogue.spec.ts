import { tenantId } from '@packhouse/core';
import { chunk } from '@packhouse/core/testing';
import { tenantBlobs } from '../blobs/tenant-blobs.js';
import { tenantChunks } from '../chunks/chunk-store.js';
import { setAttributes } from '../chunks/set-attributes.js';
import { asTenant, type TenantTx } from '../db/db.js';
import { bytesOf } from '../isolation/two-tenants.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { fileBatches } from './file-batches.js';
import { files, newFileId, type NewFile } from './files.js';
import { sweepExpired } from './sweep-expired.js';
import { vectorStoreFiles } from './vector-store-files.js';
import { vectorStores, type NewVectorStore, type VectorStoreChanges } from './vector-stores.js';

const FILE: NewFile = {
  filename: 'report.pdf',
  purpose: 'assistants',
  mediaType: 'application/pdf',
  bytes: 2 ** 33,
  sha256: 'ab'.repeat(32),
};
const CHUNKING = { maxChunkSizeTokens: 800, chunkOverlapTokens: 400 };
const CONTRACTS = { name: 'Contracts', description: 'What was signed.' };
const ABSENT = 'absent';

const putChunk = (tx: TenantTx, collection: string, documentId: string) => {
  const document = { collection, documentId };
  const embedding = { model: 'm', vector: Float32Array.of(1, 0) };
  const attributes = { year: 1999 };
  const text = 'Some words.';
  const stored = { ...chunk({ ...document, id: `${collection}-${documentId}`, text, attributes }), embedding };
  return tenantChunks(tx).replaceDocument(document, [stored]);
};

for (const { name, open } of testDatabases()) {
  describe(`the catalogue on ${name}`, () => {
    let database: TestDatabase;
    let tenants = 0;
    let tenant = tenantId('none');

    beforeAll(async () => (database = await open()), 60_000);
    afterAll(() => database?.close());
    beforeEach(() => (tenant = tenantId(`tenant-${++tenants}`)));

    const as = <T>(work: (tx: TenantTx) => Promise<T>) => asTenant(database.db, tenant, work);
    const asStranger = <T>(work: (tx: TenantTx) => Promise<T>) =>
      asTenant(database.db, tenantId(`${tenant}-not`), work);
    const addFile = () => as((tx) => files.insert(tx, newFileId(), FILE));
    const addStore = (store: NewVectorStore = {}) => as((tx) => vectorStores.insert(tx, store));
    const age = (id: string, by: string) =>
      as((tx) =>
        tx.query(
          `update packhouse.vector_stores set last_active_at = now() - $2::interval where vector_store_id = $1`,
          [id, by],
        ),
      );
    const addExpired = async () => {
      const { vectorStoreId } = await addStore({ expiresAfterDays: 1 });
      await age(vectorStoreId, '25 hours');
      return vectorStoreId;
    };
    const attach = (vectorStoreId: string, fileId: string, batchId?: string) =>
      as((tx) => vectorStoreFiles.attach(tx, { vectorStoreId, fileId, batchId, chunking: CHUNKING }));

    describe('files', () => {
      it('come back as they went in', async () => {
        const fileId = newFileId();
        const inserted = await as((tx) => files.insert(tx, fileId, FILE));
        expect(inserted).toEqual({ ...FILE, fileId, createdAt: expect.any(Date), expiresAt: null });
        expect(await as((tx) => files.get(tx, fileId))).toEqual(inserted);
        expect(await as((tx) => files.getMany(tx, [ABSENT, fileId]))).toEqual(new Map([[fileId, inserted]]));
      });

      it('are not there for another tenant, who may use the same id', async () => {
        const { fileId } = await addFile();
        expect(await asStranger((tx) => files.get(tx, fileId))).toBeNull();
        expect(await asStranger((tx) => files.getMany(tx, [fileId]))).toEqual(new Map());
        expect(await asStranger((tx) => files.delete(tx, fileId))).toBeNull();
        await asStranger((tx) => files.insert(tx, fileId, { ...FILE, filename: 'theirs' }));
        expect(await as((tx) => files.get(tx, fileId))).toMatchObject({ filename: FILE.filename });
        await expect(as((tx) => files.insert(tx, fileId, FILE))).rejects.toMatchObject({ code: '23505' });
      });

      it('go with their attachments, and say which stores they were in', async () => {
        const [{ fileId }, one, two] = [await addFile(), await addStore(), await addStore()];
        await attach(one.vectorStoreId, fileId);
        await attach(two.vectorStoreId, fileId);
        const deleted = await as((tx) => files.delete(tx, fileId));
        expect(deleted?.vectorStoreIds.sort()).toEqual([one.vectorStoreId, two.vectorStoreId].sort());
        expect(await as((tx) => vectorStoreFiles.get(tx, one.vectorStoreId, fileId))).toBeNull();
        expect(await as((tx) => files.delete(tx, fileId))).toBeNull();
      });

      it('expire so many seconds after they were made, and are not there from then on', async () => {
        const insert = (expiresAfterSeconds: number) =>
          as((tx) => files.insert(tx, newFileId(), { ...FILE, expiresAfterSeconds }));
        const { vectorStoreId } = await addStore();
        const [lasting, gone] = [await insert(3_600), await insert(0)];
        expect(lasting.expiresAt?.getTime()).toBe(lasting.createdAt.getTime() + 3_600_000);
        const ids = [lasting.fileId, gone.fileId];
        expect(await as((tx) => files.get(tx, gone.fileId))).toBeNull();
        expect([...(await as((tx) => files.getMany(tx, ids))).keys()]).toEqual([lasting.fileId]);
        expect(await as((tx) => files.list(tx, { limit: 9, order: 'asc' }))).toMatchObject({ data: [lasting] });
        await expect(attach(vectorStoreId, gone.fileId)).rejects.toMatchObject({ code: 'not_found', param: 'file_id' });
        await attach(vectorStoreId, lasting.fileId);
      });

      it('go once they have expired, with their bytes, their attachments and their chunks', async () => {
        const [{ fileId: stays }, { fileId: gone }, { vectorStoreId }] = [
          await addFile(),
          await addFile(),
          await addStore(),
        ];
        for (const id of [stays, gone]) {
          await as((tx) => tenantBlobs(tx).put(id, bytesOf('words')));
          await attach(vectorStoreId, id);
          await as((tx) => putChunk(tx, vectorStoreId, id));
        }
        const due = async () => {
          const { filesDue } = await as((tx) => vectorStores.look(tx, [vectorStoreId]));
          expect((await as((tx) => vectorStores.useAll(tx))).filesDue).toBe(filesDue);
          return filesDue;
        };
        expect(await due()).toBe(false);
        await as((tx) => tx.query('update packhouse.files set expires_at = now() where file_id = $1', [gone]));
        expect(await due()).toBe(true);
        expect(await sweepExpired(database.db, tenantId(`${tenant}-not`))).toBe(0);
        expect(await sweepExpired(database.db, tenant)).toBe(1);
        expect(await due()).toBe(false);
        const left = async (table: string, id: string) =>
          (await as((tx) => tx.query<{ id: string }>(`select ${id} as id from packhouse.${table}`))).map(
            ({ id }) => id,
          );
        expect(await left('files', 'file_id')).toEqual([stays]);
        expect(await left('blobs', 'blob_id')).toEqual([stays]);
        expect(await left('vector_store_files', 'file_id')).toEqual([stays]);
        expect(await left('chunks', 'document_id')).toEqual([stays]);
      });

      it('are listed by purpose where one is named', async () => {
        await addFile();
        const other = await as((tx) => files.insert(tx, newFileId(), { ...FILE, purpose: 'user_data' }));
        const page = await as((tx) => files.list(tx, { limit: 10, order: 'asc', purpose: 'user_data' }));
        expect(page).toEqual({ data: [other], hasMore: false });
      });
    });

    describe('pages', () => {
      const addFiles = async (count: number) => {
        const ids = Array.from({ length: count }, (_, index) => `file-${index}`);
        for (const id of ids) await as((tx) => files.insert(tx, id, FILE));
        return ids;
      };
      const list = async (page: Partial<Parameters<typeof files.list>[1]>) => {
        const { data, hasMore } = await as((tx) => files.list(tx, { limit: 2, order: 'asc', ...page }));
        return [...data.map(({ fileId }) => Number(fileId.slice('file-'.length))), hasMore];
      };

      it('follow one another in either order, to the end', async () => {
        await addFiles(5);
        expect(await list({})).toEqual([0, 1, true]);
        expect(await list({ after: 'file-1' })).toEqual([2, 3, true]);
        expect(await list({ after: 'file-3' })).toEqual([4, false]);
        expect(await list({ order: 'desc' })).toEqual([4, 3, true]);
        expect(await list({ order: 'desc', after: 'file-3' })).toEqual([2, 1, true]);
        expect(await list({ order: 'desc', after: 'file-1' })).toEqual([0, false]);
      });

      it('lead back', async () => {
        await addFiles(5);
        expect(await list({ before: 'file-4' })).toEqual([2, 3, true]);
        expect(await list({ before: 'file-2' })).toEqual([0, 1, false]);
        expect(await list({ order: 'desc', before: 'file-0' })).toEqual([2, 1, true]);
        expect(await list({ limit: 9, after: 'file-0', before: 'file-3' })).toEqual([1, 2, false]);
      });

      it('neither repeat nor miss a row when others come and go, the last one read among them', async () => {
        await addFiles(5);
        await as((tx) => files.delete(tx, 'file-1'));
        await as((tx) => files.delete(tx, 'file-0'));
        await as((tx) => files.insert(tx, 'file-9', FILE));
        expect(await list({ after: 'file-1', limit: 9 })).toEqual([2, 3, 4, 9, false]);
      });

      it("do not lead into another tenant's", async () => {
        await addFiles(2);
        expect((await asStranger((tx) => files.list(tx, { limit: 9, order: 'asc', after: 'file-0' }))).data).toEqual(
          [],
        );
      });
    });

    describe('vector stores', () => {
      it('come back as they went in, to their tenant only', async () => {
        const store = await as((tx) => vectorStores.insert(tx, { ...CONTRACTS, metadata: { team: 'legal' } }));
        expect(store).toMatchObject({ ...CONTRACTS, metadata: { team: 'legal' }, language: 'en' });
        expect(await as((tx) => vectorStores.get(tx, store.vectorStoreId))).toEqual(store);
        expect(await as((tx) => vectorStores.list(tx, { limit: 1, order: 'desc' }))).toMatchObject({ data: [store] });
        expect(await asStranger((tx) => vectorStores.get(tx, store.vectorStoreId))).toBeNull();
        expect(await asStranger((tx) => vectorStores.delete(tx, store.vectorStoreId))).toBeNull();
      });

      it('note their use once a minute', async () => {
        const { vectorStoreId, lastActiveAt } = await addStore();
        const used = async () => {
          const stores = await as((tx) => vectorStores.use(tx, [vectorStoreId, ABSENT]));
          expect(stores).toEqual([{ vectorStoreId, expired: false }]);
          return as((tx) => vectorStores.get(tx, vectorStoreId));
        };
        expect((await used())?.lastActiveAt).toEqual(lastActiveAt);
        await age(vectorStoreId, '1 hour');
        expect((await used())?.lastActiveAt.getTime()).toBeGreaterThanOrEqual(lastActiveAt.getTime());
        await age(vectorStoreId, '59 seconds');
        const { lastActiveAt: recent } = (await as((tx) => vectorStores.get(tx, vectorStoreId))) ?? {};
        expect((await used())?.lastActiveAt).toEqual(recent);
      });

      it('are used without waiting for whoever changes them', async () => {
        const { vectorStoreId } = await addStore();
        await age(vectorStoreId, '1 hour');
        await as(async (tx) => {
          await tx.query('select from packhouse.vector_stores where tenant_id = $1 for update', [tenant]);
          // PGlite has one connection: there is nobody to wait for.
          if (name === 'PGlite') return;
          expect(await as((other) => vectorStores.use(other, [vectorStoreId]))).toHaveLength(1);
        });
      });

      it('change in what is named, and keep the rest', async () => {
        const { vectorStoreId: id } = await as((tx) => vectorStores.insert(tx, { name: 'A', metadata: { a: '1' } }));
        const update = (changes: VectorStoreChanges) => as((tx) => vectorStores.update(tx, id, changes));
        expect(await update({ name: 'B' })).toMatchObject({ name: 'B', metadata: { a: '1' }, expiresAfterDays: null });
        expect(await update({ description: 'C' })).toMatchObject({ name: 'B', description: 'C' });
        expect(await update({ expiresAfterDays: 3 })).toMatchObject({ name: 'B', expiresAfterDays: 3 });
        expect(await update({ metadata: {} })).toMatchObject({ description: 'C', metadata: {}, expiresAfterDays: 3 });
        expect(await update({ expiresAfterDays: null, name: null })).toMatchObject({ name: null, expiresAt: null });
        expect(await as((tx) => vectorStores.update(tx, ABSENT, {}))).toBeNull();
        expect(await asStranger((tx) => vectorStores.update(tx, id, { name: 'theirs' }))).toBeNull();
      });

      it('expire so many days after they were used last, and begin anew with a change', async () => {
        const { vectorStoreId: id, ...made } = await as((tx) => vectorStores.insert(tx, { expiresAfterDays: 2 }));
        expect(made.expiresAt?.getTime()).toBe(made.lastActiveAt.getTime() + 2 * 86_400_000);
        await age(id, '47 hours');
        expect(await as((tx) => vectorStores.get(tx, id))).toMatchObject({ expired: false });
        expect(await as((tx) => vectorStores.update(tx, id, { expiresAfterDays: 1 }))).toMatchObject({
          expired: false,
        });
        await age(id, '24 hours');
        expect(await as((tx) => vectorStores.get(tx, id))).toMatchObject({ expired: true });
      });

      it('are neither used nor changed once they have expired', async () => {
        const id = await addExpired();
        expect(await as((tx) => vectorStores.use(tx, [id]))).toEqual([{ vectorStoreId: id, expired: true }]);
        expect(await as((tx) => vectorStores.update(tx, id, { expiresAfterDays: null }))).toBeNull();
        expect(await as((tx) => vectorStores.useAll(tx))).toMatchObject({ live: null });
        expect(await as((tx) => vectorStores.get(tx, id))).toMatchObject({ expired: true });
      });

      it('are named to a question to all where one has expired with files in it', async () => {
        const [{ vectorStoreId: stays }, expires] = [await addStore(), await addStore({ expiresAfterDays: 1 })];
        await age(expires.vectorStoreId, '23 hours');
        expect(await as((tx) => vectorStores.useAll(tx))).toMatchObject({ live: null });
        const used = await as((tx) => vectorStores.get(tx, expires.vectorStoreId));
        expect(Date.now() - (used?.lastActiveAt.getTime() ?? 0)).toBeLessThan(60_000);
        const expired = await addExpired();
        expect(await as((tx) => vectorStores.useAll(tx))).toMatchObject({ live: null });
        await attach(expired, (await addFile()).fileId);
        const { live } = await as((tx) => vectorStores.useAll(tx));
        expect(live?.sort()).toEqual([stays, expires.vectorStoreId].sort());
      });

      it('are emptied once they have expired, and stay to say so', async () => {
        const [{ fileId }, { vectorStoreId: live }, expired] = [await addFile(), await addStore(), await addExpired()];
        const batch = await as((tx) => fileBatches.insert(tx, expired));
        const collections = [live, expired];
        for (const id of collections) {
          await attach(id, fileId, id === expired ? batch?.batchId : undefined);
          await as((tx) => putChunk(tx, id, fileId));
        }
        expect(await sweepExpired(database.db, tenantId(`${tenant}-not`))).toBe(0);
        expect(await sweepExpired(database.db, tenant)).toBe(1);
        expect(await sweepExpired(database.db, tenant)).toBe(0);
        const left = await as((tx) => tenantChunks(tx).matching('words', { limit: 9 }));
        expect(left.map(({ chunk }) => chunk.collection)).toEqual([live]);
        expect(await as((tx) => vectorStores.get(tx, expired))).toMatchObject({ expired: true });
        expect(await as((tx) => vectorStoreFiles.get(tx, expired, fileId))).toBeNull();
        expect(await as((tx) => fileBatches.get(tx, expired, batch?.batchId ?? ''))).toBeNull();
        expect(await as((tx) => vectorStoreFiles.get(tx, live, fileId))).not.toBeNull();
        expect(await as((tx) => files.get(tx, fileId))).not.toBeNull();
      });

      it('go with their batches and attachments, but not the files', async () => {
        const [{ fileId }, { vectorStoreId }] = [await addFile(), await addStore()];
        const batch = await as((tx) => fileBatches.insert(tx, vectorStoreId));
        await attach(vectorStoreId, fileId, batch?.batchId);
        expect(await as((tx) => vectorStores.delete(tx, vectorStoreId))).toEqual({ fileIds: [fileId] });
        expect(await as((tx) => fileBatches.get(tx, vectorStoreId, batch?.batchId ?? ''))).toBeNull();
        expect(await as((tx) => vectorStoreFiles.get(tx, vectorStoreId, fileId))).toBeNull();
        expect(await as((tx) => files.get(tx, fileId))).not.toBeNull();
        expect(await as((tx) => vectorStores.delete(tx, vectorStoreId))).toBeNull();
      });
    });

    describe('attachments', () => {
      it('begin in progress', async () => {
        const [{ fileId }, { vectorStoreId }] = [await addFile(), await addStore()];
        const attributes = { year: 2024, draft: false, team: 'legal' };
        const row = await as((tx) =>
          vectorStoreFiles.attach(tx, { vectorStoreId, fileId, attributes, chunking: CHUNKING }),
        );
        expect(row).toMatchObject({
          status: 'in_progress',
          attributes,
          chunking: CHUNKING,
          usageBytes: 0,
          batchId: null,
        });
        expect(await as((tx) => vectorStoreFiles.get(tx, vectorStoreId, fileId))).toEqual(row);
        expect(await as((tx) => vectorStoreFiles.inProgress(tx, row.ingestionId))).toEqual(row);
      });

      it('need a store, a file and a batch of their tenant and store', async () => {
        const [{ fileId }, store, other] = [await addFile(), await addStore(), await addStore()];
        const { vectorStoreId } = store;
        const batch = await as((tx) => fileBatches.insert(tx, other.vectorStoreId));
        const refusal = { code: 'not_found' };
        await expect(attach(ABSENT, fileId)).rejects.toMatchObject(refusal);
        await expect(attach(vectorStoreId, ABSENT)).rejects.toMatchObject(refusal);
        await expect(attach(vectorStoreId, fileId, batch?.batchId)).rejects.toMatchObject(refusal);
        const theirs = asStranger((tx) => vectorStoreFiles.attach(tx, { vectorStoreId, fileId, chunking: CHUNKING }));
        await expect(theirs).rejects.toMatchObject(refusal);
        expect(await asStranger((tx) => fileBatches.insert(tx, vectorStoreId))).toBeNull();
      });

      it('are not there for another tenant', async () => {
        const [{ fileId }, { vectorStoreId }] = [await addFile(), await addStore()];
        const { ingestionId } = await attach(vectorStoreId, fileId);
        expect(await asStranger((tx) => vectorStoreFiles.get(tx, vectorStoreId, fileId))).toBeNull();
        expect(await asStranger((tx) => vectorStoreFiles.inProgress(tx, ingestionId))).toBeNull();
        expect(await asStranger((tx) => vectorStoreFiles.lockInProgress(tx, ingestionId))).toBeNull();
        const finished = { status: 'completed', usageBytes: 1 } as const;
        expect(await asStranger((tx) => vectorStoreFiles.finish(tx, ingestionId, finished))).toBe(false);
        expect(await asStranger((tx) => vectorStoreFiles.detach(tx, vectorStoreId, fileId))).toBe(false);
        const page = await asStranger((tx) => vectorStoreFiles.list(tx, vectorStoreId, { limit: 9, order: 'asc' }));
        expect(page.data).toEqual([]);
      });

      it('end once: a worker that comes late changes nothing', async () => {
        const [{ fileId }, { vectorStoreId }] = [await addFile(), await addStore()];
        const { ingestionId } = await attach(vectorStoreId, fileId);
        const complete = (usageBytes: number) =>
          as((tx) => vectorStoreFiles.finish(tx, ingestionId, { status: 'completed', usageBytes }));
        const failure = { status: 'failed', code: 'corrupt', message: 'It breaks off on page 3.' } as const;
        expect(await complete(7)).toBe(true);
        expect(await complete(8)).toBe(false);
        expect(await as((tx) => vectorStoreFiles.finish(tx, ingestionId, failure))).toBe(false);
        expect(await as((tx) => vectorStoreFiles.inProgress(tx, ingestionId))).toBeNull();
        const row = await as((tx) => vectorStoreFiles.get(tx, vectorStoreId, fileId));
        expect(row).toMatchObject({ status: 'completed', usageBytes: 7, lastErrorCode: null });
      });

      it('are ingested anew when attached again, and leave the worker before with nothing', async () => {
        const [{ fileId }, { vectorStoreId }] = [await addFile(), await addStore()];
        const first = await attach(vectorStoreId, fileId);
        const failure = { status: 'failed', code: 'empty', message: 'There is no text in it.' } as const;
        await as((tx) => vectorStoreFiles.finish(tx, first.ingestionId, failure));
        const again = await attach(vectorStoreId, fileId);
        expect(again).toMatchObject({ status: 'in_progress', lastErrorCode: null, lastErrorMessage: null });
        expect(await as((tx) => vectorStoreFiles.finish(tx, first.ingestionId, failure))).toBe(false);
        expect(await as((tx) => vectorStoreFiles.lockInProgress(tx, again.ingestionId))).toEqual(again);
      });

      it('change their attributes, and their chunks at once', async () => {
        const [{ fileId }, one, two] = [await addFile(), await addStore(), await addStore()];
        const filter = { type: 'eq', key: 'year', value: 1999 } as const;
        for (const { vectorStoreId } of [one, two]) {
          await attach(vectorStoreId, fileId);
          await as((tx) => putChunk(tx, vectorStoreId, fileId));
        }
        const found = async () => {
          const hits = await as((tx) => tenantChunks(tx).matching('words', { limit: 9, filter }));
          return hits.map(({ chunk: { collection } }) => collection);
        };
        expect((await found()).length).toBe(2);
        const { vectorStoreId } = one;
        const attributes = { constructor: 'x', toString: 1, year: 2024 };
        const changed = await as(async (tx) => {
          await setAttributes(tx, { collection: vectorStoreId, documentId: fileId }, attributes);
          return vectorStoreFiles.setAttributes(tx, vectorStoreId, fileId, attributes);
        });
        expect(changed?.attributes).toEqual(attributes);
        expect(await found()).toEqual([two.vectorStoreId]);
        expect(await as((tx) => vectorStoreFiles.setAttributes(tx, vectorStoreId, ABSENT, {}))).toBeNull();
        expect(await asStranger((tx) => vectorStoreFiles.setAttributes(tx, vectorStoreId, fileId, {}))).toBeNull();
      });

      it('cannot be finished once detached', async () => {
        const [{ fileId }, { vectorStoreId }] = [await addFile(), await addStore()];
        const { ingestionId } = await attach(vectorStoreId, fileId);
        expect(await as((tx) => vectorStoreFiles.detach(tx, vectorStoreId, fileId))).toBe(true);
        expect(await as((tx) => vectorStoreFiles.detach(tx, vectorStoreId, fileId))).toBe(false);
        const finished = { status: 'completed', usageBytes: 1 } as const;
        expect(await as((tx) => vectorStoreFiles.finish(tx, ingestionId, finished))).toBe(false);
      });

      it('wait, to be detached, for the ingestion that is writing', async () => {
        const [{ fileId }, { vectorStoreId }] = [await addFile(), await addStore()];
        const { ingestionId } = await attach(vectorStoreId, fileId);
        const order: string[] = [];
        let detached: Promise<unknown> | undefined;
        await as(async (tx) => {
          await vectorStoreFiles.lockInProgress(tx, ingestionId);
          detached = as((other) => files.delete(other, fileId)).then(() => order.push('deleted'));
          await new Promise((resolve) => setTimeout(resolve, 100));
          await vectorStoreFiles.finish(tx, ingestionId, { status: 'completed', usageBytes: 1 });
          order.push('finished');
        });
        await detached;
        expect(order).toEqual(['finished', 'deleted']);
      });

      it('are counted by status, for stores and for a batch', async () => {
        const [store, empty] = [await addStore(), await addStore()];
        const { vectorStoreId } = store;
        const batch = await as((tx) => fileBatches.insert(tx, vectorStoreId));
        const batchId = batch?.batchId ?? '';
        const attached = [];
        for (const member of [batchId, batchId, batchId, undefined]) {
          attached.push(await attach(vectorStoreId, (await addFile()).fileId, member));
        }
        const [one, two] = attached.map(({ ingestionId }) => ingestionId);
        await as((tx) => vectorStoreFiles.finish(tx, one ?? '', { status: 'completed', usageBytes: 2 ** 33 }));
        await as((tx) =>
          vectorStoreFiles.finish(tx, two ?? '', { status: 'failed', code: 'empty', message: 'No text.' }),
        );
        expect(await as((tx) => fileBatches.cancel(tx, vectorStoreId, batchId))).toMatchObject({
          batchId,
          cancelledAt: expect.any(Date),
        });

        const ofBatch = { inProgress: 0, completed: 1, failed: 1, cancelled: 1, total: 3, usageBytes: 2 ** 33 };
        expect(await as((tx) => vectorStoreFiles.countsOfBatch(tx, vectorStoreId, batchId))).toEqual(ofBatch);
        const counts = await as((tx) => vectorStoreFiles.countsOfStores(tx, [vectorStoreId, empty.vectorStoreId]));
        expect(counts.get(vectorStoreId)).toEqual({ ...ofBatch, inProgress: 1, total: 4 });
        expect(counts.get(empty.vectorStoreId)).toMatchObject({ total: 0, usageBytes: 0 });

        const list = (filter: object) =>
          as((tx) => vectorStoreFiles.list(tx, vectorStoreId, { limit: 9, order: 'asc', ...filter }));
        expect((await list({ batchId })).data.length).toBe(3);
        expect((await list({ batchId, status: 'cancelled' })).data.length).toBe(1);
        expect((await list({ status: 'in_progress' })).data).toEqual([attached[3]]);
        expect(await asStranger((tx) => fileBatches.cancel(tx, vectorStoreId, batchId))).toBeNull();
      });
    });

    it('is gone when its tenant is', async () => {
      const [{ fileId }, { vectorStoreId }] = [await addFile(), await addStore()];
      const batch = await as((tx) => fileBatches.insert(tx, vectorStoreId));
      await attach(vectorStoreId, fileId, batch?.batchId);
      await as((tx) => tx.query('delete from packhouse.tenants where tenant_id = $1', [tenant]));
      const tables = ['files', 'vector_stores', 'file_batches', 'vector_store_files'];
      for (const table of tables) {
        expect(await database.admin.query(`select from packhouse.${table} where tenant_id = $1`, [tenant])).toEqual([]);
      }
    });
  });
}
