import { tenantId } from '@packhouse/core';
import { asTenant, type Db } from '../db/db.js';
import { killedAtWord, places, type Place } from '../testing/killed-process.js';
import { DOCUMENT, EMBEDDER, versionOf } from '../testing/two-versions.js';
import { chunkStore } from './chunk-store.js';

const TENANT = tenantId('acme');

describe.each(places())('a writer killed on $name', ({ make }) => {
  let place: Place;
  beforeEach(async () => (place = await make()));
  afterEach(() => place.remove());

  const written = async (name: string, chunks: number) => {
    const { db, close } = await place.open();
    await chunkStore(db)
      .forTenant(TENANT)
      .replaceDocument(DOCUMENT, await versionOf(name, chunks));
    await close();
  };
  const found = async () => {
    const { db, close } = await place.open();
    return state(db).finally(close);
  };

  it.each([
    { amid: 'the replacement', nth: 1, word: 'stalled', left: { first: 20, second: 0 } },
    { amid: 'nothing, once it is acknowledged', nth: 2, word: 'done', left: { first: 0, second: 60 } },
  ])(
    'amid $amid leaves one whole version, which words, vectors and counts agree on',
    async ({ nth, word, left }) => {
      await written('first', 20);
      expect(await killedAtWord('doomed-writer.ts', place.where, String(nth))).toBe(word);
      const total = left.first + left.second;
      expect(await found()).toEqual({ byWords: left, byVector: left, counted: total, asked: total });
      await written('second', 60);
      expect(await found()).toMatchObject({ byWords: { first: 0, second: 60 }, counted: 60 });
    },
    60_000,
  );
});

async function state(db: Db) {
  const store = chunkStore(db).forTenant(TENANT);
  const [vector] = (await EMBEDDER.embed(['version'], 'query')) as [Float32Array];
  const byVersion = (hits: readonly { chunk: { text: string } }[]) => ({
    first: hits.filter(({ chunk }) => chunk.text.includes('first')).length,
    second: hits.filter(({ chunk }) => chunk.text.includes('second')).length,
  });
  const [counts] = await asTenant(db, TENANT, (tx) =>
    tx.query<{ counted: number; asked: number }>(
      `select c.chunks as counted, max(f.chunks) as asked
       from packhouse.corpus c join packhouse.term_frequencies f using (tenant_id) group by c.chunks`,
    ),
  );
  return {
    byWords: byVersion(await store.matching('version', { limit: 100 })),
    byVector: byVersion(await store.nearest({ model: EMBEDDER.model, vector }, { limit: 100 })),
    ...counts,
  };
}
