import { tenantId } from '@packhouse/core';
import { chunk } from '@packhouse/core/testing';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { chunkStore, type PostgresTenantStore } from './chunk-store.js';

describe.each(testDatabases())('limits of the chunk store on $name', ({ open }) => {
  let database: TestDatabase;
  let store: PostgresTenantStore;
  beforeAll(async () => {
    database = await open();
    store = chunkStore(database.db).forTenant(tenantId('t'.repeat(63)));
  });
  afterAll(() => database.close());

  const embedding = { model: 'm', vector: Float32Array.of(1, 0) };
  const document = (documentId: string) => ({ collection: 'docs', documentId });

  it('holds vectors of 4,000 dimensions under the longest names', async () => {
    const wide = { model: 'wide', vector: new Float32Array(4_000).map((_, index) => Math.sin(index)) };
    const long = chunk({ id: 'i'.repeat(100), collection: 'c'.repeat(64), documentId: 'wide' });
    await store.replaceDocument(long, [{ ...long, embedding: wide }]);
    const [hit] = await store.nearest(wide, { limit: 1 });
    expect(hit?.chunk).toEqual(long);
    expect(hit?.score).toBeCloseTo(1, 3);
  });

  it.each([0, 4_001])('refuses vectors of %i dimensions', async (dimensions) => {
    const odd = { model: 'odd', vector: new Float32Array(dimensions) };
    const stored = store.replaceDocument(document('doc'), [{ ...chunk(), embedding: odd }]);
    await expect(stored).rejects.toMatchObject({ code: 'dimension_mismatch' });
  });

  it.each([NaN, Infinity])('refuses a vector that holds %d', async (value) => {
    const odd = { model: 'm', vector: Float32Array.of(value, 1) };
    const stored = store.replaceDocument(document('doc'), [{ ...chunk(), embedding: odd }]);
    await expect(stored).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('stores a vector of zeros and finds it by words only', async () => {
    const empty = chunk({ text: 'Quixotic.', documentId: 'zeros' });
    await store.replaceDocument(document('zeros'), [
      { ...empty, embedding: { model: 'z', vector: new Float32Array(2) } },
    ]);
    expect(await store.nearest({ model: 'z', vector: Float32Array.of(1, 0) }, { limit: 5 })).toEqual([]);
    expect(await store.matching('quixotic', { limit: 5 })).toHaveLength(1);
  });

  it('searches a chunk of thousands of different terms, and refuses one beyond the type', async () => {
    const words = (count: number) => Array.from({ length: count }, (_, number) => `word${number}`).join(' ');
    const long = chunk({ id: 'long', text: words(12_000), documentId: 'long' });
    await store.replaceDocument(document('long'), [{ ...long, embedding }]);
    expect((await store.matching('word11999', { limit: 5 })).map((hit) => hit.chunk.id)).toEqual(['long']);
    const longer = chunk({ id: 'longer', text: words(17_000), documentId: 'longer' });
    const refused = store.replaceDocument(document('longer'), [{ ...longer, embedding }]);
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('keeps a text’s length where it holds what PostgreSQL cannot', async () => {
    const odd = chunk({
      id: 'odd',
      text: 'a\0b\uD800c',
      source: 'x\0',
      attributes: { 'k\0': 'v\0' },
      documentId: 'odd',
    });
    await store.replaceDocument(document('odd'), [{ ...odd, embedding }]);
    const [stored] = await store.byIds(['odd']);
    expect(stored).toMatchObject({ text: 'a\uFFFDb\uFFFDc', source: 'x\uFFFD', attributes: { 'k\uFFFD': 'v\uFFFD' } });
    expect(await store.replaceDocument(document('odd'), [odd])).toEqual({ added: 0, kept: 1, removed: 0 });
  });

  it('refuses ids that PostgreSQL cannot hold', async () => {
    const odd = chunk({ id: 'a\0', documentId: 'doc' });
    const stored = store.replaceDocument(document('doc'), [{ ...odd, embedding }]);
    await expect(stored).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('takes another text under the same id for another chunk', async () => {
    const before = chunk({ id: 'same', text: 'Old words.', documentId: 'same' });
    await store.replaceDocument(document('same'), [{ ...before, embedding }]);
    const after = { ...before, text: 'New phrases.' };
    await expect(store.replaceDocument(document('same'), [after])).rejects.toMatchObject({ code: 'invalid_request' });
    await store.replaceDocument(document('same'), [{ ...after, embedding }]);
    expect(await store.matching('phrases', { limit: 5 })).toHaveLength(1);
    expect(await store.matching('old', { limit: 5 })).toEqual([]);
  });

  it.each([0, -1, 1.5, NaN])('refuses a limit of %d', async (limit) => {
    const refused = { code: 'invalid_request', param: 'limit' };
    await expect(store.matching('x', { limit })).rejects.toMatchObject(refused);
    await expect(store.nearest(embedding, { limit })).rejects.toMatchObject(refused);
    const weights = { lexical: 1, dense: 1 };
    await expect(store.hybrid({ text: 'x', embedding, weights }, { limit })).rejects.toMatchObject(refused);
  });
});
