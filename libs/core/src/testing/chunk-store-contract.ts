import type { ErrorCode } from '../errors.js';
import type { Chunk } from '../passage.js';
import type { ChunkStore, NewChunk, TenantStore } from '../ports/chunk-store.js';
import { tenantId, type TenantId } from '../tenant.js';
import { chunk } from './fakes/chunk.js';
import { describeSearches } from './chunk-store-searches.js';
import { DOCUMENT, embed, embedAll, idsOf, MODEL, put } from './put-chunks.js';

/** A store and how to let go of it. */
export interface OpenChunkStore {
  readonly store: ChunkStore;
  close(): Promise<void>;
}

const ALL = { limit: 100 };

/** What every chunk store does. `open` gives an empty one; each test takes tenants of its own in it. */
export function describeChunkStore(name: string, open: () => Promise<OpenChunkStore>) {
  describe(`${name} as a ChunkStore`, () => {
    let opened: OpenChunkStore;
    let tenants = 0;

    beforeAll(async () => (opened = await open()), 120_000);
    afterAll(() => opened.close());

    const newTenant = (): TenantId => tenantId(`tenant-${++tenants}`);
    const newStore = (): TenantStore => opened.store.forTenant(newTenant());

    it('names itself and its tenants', () => {
      const tenant = newTenant();
      expect(opened.store.name).not.toBe('');
      expect(opened.store.forTenant(tenant).tenant).toBe(tenant);
    });

    describe('replaceDocument', () => {
      it('gives back what it was given', async () => {
        const store = newStore();
        const whole = chunk({
          text: 'A parcel weighs 😀 at most \u{1D7D8} kilograms: "quotes", back\\slashes, {braces}, NULL and\ttabs.',
          span: { start: 7, end: 99 },
          pages: [{ number: 3, start: 0 }],
          source: 'Über "Pakete", 第一.pdf',
          attributes: { year: 2024, final: true, 'a "key"': "it's" },
        });
        const plain = ['', 'NULL', '{}', 'Ein Satz mit ß, ﬁ und é.', '退款在十天内支付。'].map((text, index) =>
          chunk({ id: `plain ${index}`, text, ordinal: index + 1 }),
        );
        await put(store, [whole, ...plain]);
        expect(await store.byIds([whole.id, ...plain.map(({ id }) => id)])).toEqual([whole, ...plain]);
      });

      it('adds, keeps and removes', async () => {
        const store = newStore();
        const [one, two, three] = threeChunks();
        expect(await put(store, [one, two])).toEqual({ added: 2, kept: 0, removed: 0 });
        expect(await put(store, [two, three])).toEqual({ added: 1, kept: 1, removed: 1 });
        expect(await store.byIds([one.id, two.id, three.id])).toEqual([two, three]);
      });

      it('leaves no trace of what it removed', async () => {
        const store = newStore();
        const [one, two] = threeChunks();
        await put(store, [one, two]);
        await put(store, [two]);
        expect(idsOf(await store.nearest(await embed(one.text), ALL))).toEqual([two.id]);
        expect([...(await store.embedded([one.id, two.id], MODEL))]).toEqual([two.id]);
        if (store.matching) expect(await store.matching(one.text, ALL)).toEqual([]);
      });

      it('keeps the vector of a chunk that comes without one, and takes where it now stands', async () => {
        const store = newStore();
        const [one, two] = threeChunks();
        await put(store, [one, two]);
        const moved = {
          ...two,
          ordinal: 0,
          span: { start: 3, end: 30 },
          source: 'new.txt',
          attributes: { year: 2025 },
        };
        expect(await store.replaceDocument(DOCUMENT, [moved])).toEqual({ added: 0, kept: 1, removed: 1 });
        const [hit] = await store.nearest(await embed(two.text), ALL);
        expect(hit?.chunk).toEqual(moved);
        expect(hit?.score).toBeCloseTo(1, 2);
      });

      it('takes a second model beside the first', async () => {
        const store = newStore();
        const [one] = threeChunks();
        await put(store, [one]);
        const other = { model: 'another', vector: Float32Array.of(0.6, 0.8) };
        await store.replaceDocument(DOCUMENT, [{ ...one, embedding: other }]);
        expect(idsOf(await store.nearest(other, ALL))).toEqual([one.id]);
        expect(idsOf(await store.nearest(await embed(one.text), ALL))).toEqual([one.id]);
        expect(await store.embedded([one.id], 'another')).toEqual(new Set([one.id]));
      });

      it('empties a document, and takes one that was empty', async () => {
        const store = newStore();
        const [one] = threeChunks();
        expect(await store.replaceDocument(DOCUMENT, [])).toEqual({ added: 0, kept: 0, removed: 0 });
        await put(store, [one]);
        expect(await store.replaceDocument(DOCUMENT, [])).toEqual({ added: 0, kept: 0, removed: 1 });
        expect(await store.nearest(await embed(one.text), ALL)).toEqual([]);
      });

      it('leaves other documents alone, the same id in another collection too', async () => {
        const store = newStore();
        const [one, two, three] = threeChunks();
        const elsewhere = { ...two, collection: 'other' };
        const beside = { ...three, documentId: 'second' };
        await put(store, [one]);
        await put(store, [elsewhere], { ...DOCUMENT, collection: 'other' });
        await put(store, [beside], { ...DOCUMENT, documentId: 'second' });
        await put(store, []);
        expect(await store.byIds([one.id, two.id, three.id])).toEqual([elsewhere, beside]);
      });

      const [one, two] = threeChunks();
      const refused: [string, ErrorCode, () => Promise<NewChunk[]>][] = [
        ['a new chunk without a vector', 'invalid_request', async () => [two]],
        ['a chunk of another document', 'invalid_request', () => embedAll([{ ...two, documentId: 'x' }])],
        ['one id twice', 'invalid_request', () => embedAll([two, { ...two, ordinal: 9 }])],
        [
          'a vector of another length than its model has',
          'dimension_mismatch',
          async () => [{ ...two, embedding: { model: MODEL, vector: Float32Array.of(1, 0) } }],
        ],
        [
          'vectors of two lengths of one new model',
          'dimension_mismatch',
          async () =>
            [one, two].map((each, index) => ({
              ...each,
              embedding: { model: 'new', vector: new Float32Array(index + 2).fill(1) },
            })),
        ],
      ];
      it.each(refused)('refuses %s and writes nothing', async (_, code, make) => {
        const store = newStore();
        await put(store, [one]);
        await expect(store.replaceDocument(DOCUMENT, await make())).rejects.toMatchObject({ code });
        expect(idsOf(await store.nearest(await embed(one.text), ALL))).toEqual([one.id]);
        expect(await store.byIds([two.id])).toEqual([]);
      });

      it('refuses the id of another document’s chunk', async () => {
        const store = newStore();
        await put(store, [one]);
        const stolen = { ...one, documentId: 'thief' };
        const theft = put(store, [stolen], { ...DOCUMENT, documentId: 'thief' });
        await expect(theft).rejects.toMatchObject({ code: 'invalid_request' });
        expect(await store.byIds([one.id])).toEqual([one]);
      });
    });

    describe('deleteDocument', () => {
      it('deletes one document and says how many chunks it had', async () => {
        const store = newStore();
        const [one, two, three] = threeChunks();
        await put(store, [one, two]);
        await put(store, [{ ...three, documentId: 'other' }], { ...DOCUMENT, documentId: 'other' });
        expect(await store.deleteDocument(DOCUMENT)).toBe(2);
        expect(await store.deleteDocument(DOCUMENT)).toBe(0);
        expect(idsOf(await store.nearest(await embed(one.text), ALL))).toEqual([three.id]);
      });

      it('finds nothing of a tenant that has nothing', async () => {
        expect(await newStore().deleteDocument(DOCUMENT)).toBe(0);
      });
    });

    describe('byIds', () => {
      it('keeps the order asked for and leaves out what does not exist', async () => {
        const store = newStore();
        const [one, two, three] = threeChunks();
        await put(store, [one, two, three]);
        expect(await store.byIds([three.id, 'nobody', one.id, 'with \0 in it'])).toEqual([three, one]);
        expect(await store.byIds([])).toEqual([]);
      });
    });

    describe('embedded', () => {
      it('knows chunks by model', async () => {
        const store = newStore();
        const [one, two] = threeChunks();
        await put(store, [one]);
        expect(await store.embedded([one.id, two.id, 'nobody'], MODEL)).toEqual(new Set([one.id]));
        expect(await store.embedded([one.id], 'unknown')).toEqual(new Set());
        expect(await store.embedded([], MODEL)).toEqual(new Set());
      });
    });

    describeSearches(() => newStore());

    describe('two tenants', () => {
      it('with the same ids see, replace and delete their own', async () => {
        const [mine, theirs] = [newStore(), newStore()];
        const [one] = threeChunks();
        const other = { ...one, text: 'A text of the other tenant.' };
        await put(mine, [one]);
        await put(theirs, [other]);
        expect(await mine.byIds([one.id])).toEqual([one]);
        expect(await theirs.byIds([one.id])).toEqual([other]);
        for (const found of [
          await mine.nearest(await embed(other.text), ALL),
          (await mine.matching?.('text refund parcel tenant', ALL)) ?? [],
        ]) {
          for (const hit of found) expect(hit.chunk.text).toBe(one.text);
        }
        expect(await mine.deleteDocument(DOCUMENT)).toBe(1);
        expect(await theirs.byIds([one.id])).toEqual([other]);
        expect(idsOf(await theirs.nearest(await embed(other.text), ALL))).toEqual([one.id]);
      });

      it('do not lend each other vectors', async () => {
        const [mine, theirs] = [newStore(), newStore()];
        const [one] = threeChunks();
        await put(theirs, [one]);
        expect(await mine.embedded([one.id], MODEL)).toEqual(new Set());
        await expect(mine.replaceDocument(DOCUMENT, [one])).rejects.toMatchObject({ code: 'invalid_request' });
      });
    });

    it('writes nothing for a caller who has gone away', async () => {
      const store = newStore();
      const [one] = threeChunks();
      const chunks = await embedAll([one]);
      const gone = store.replaceDocument(DOCUMENT, chunks, AbortSignal.abort());
      await expect(gone).rejects.toMatchObject({ code: 'aborted' });
      expect(await store.byIds([one.id])).toEqual([]);
    });

    it('takes thousands of chunks in one call', async () => {
      const store = newStore();
      const chunks = Array.from({ length: 2_500 }, (_, ordinal) => chunk({ text: `Paragraph ${ordinal}.`, ordinal }));
      expect(await put(store, chunks)).toEqual({ added: 2_500, kept: 0, removed: 0 });
      expect(await store.byIds([(chunks[2_499] as Chunk).id])).toEqual([chunks[2_499]]);
      expect(await store.deleteDocument(DOCUMENT)).toBe(2_500);
    });
  });
}

function threeChunks(): [Chunk, Chunk, Chunk] {
  return ['Refunds are paid weekly.', 'Parcels travel by lorry.', 'Vouchers expire yearly.'].map((text, ordinal) =>
    chunk({ text, ordinal }),
  ) as [Chunk, Chunk, Chunk];
}
