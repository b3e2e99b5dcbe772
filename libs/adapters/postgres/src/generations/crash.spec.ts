import { tenantId } from '@packhouse/core';
import { chunk, fillStore, wordEmbedder } from '@packhouse/core/testing';
import { chunkStore } from '../chunks/chunk-store.js';
import { asTenant, type Db } from '../db/db.js';
import { killedAtWord, places } from '../testing/killed-process.js';
import { buildGeneration } from './build-generation.js';
import { generations } from './generations.js';

const TENANT = tenantId('acme');
const OLD = wordEmbedder(64);
const NEW = wordEmbedder(96);
const CHUNKS = Array.from({ length: 16 }, (_, number) => chunk({ id: `${number + 10}`, text: `Number ${number}.` }));

/**
 * The builder's transactions with batches of eight: it begins, reads a batch, writes it, reads and writes another, reads
 * none, finds nothing missing, switches. After each: how many vectors of the new model there are, and which is active.
 */
const CRASHES = [
  { within: 'the first transaction', nth: 1, vectors: 0, active: OLD.model },
  { within: 'the first batch', nth: 3, vectors: 0, active: OLD.model },
  { within: 'the second batch', nth: 5, vectors: 8, active: OLD.model },
  { within: 'the last look', nth: 7, vectors: 16, active: OLD.model },
  { within: 'the switch', nth: 8, vectors: 16, active: OLD.model },
  { within: 'nothing, after the switch', nth: 9, vectors: 16, active: NEW.model },
];

describe.each(places())('a builder killed on $name', ({ make }) => {
  it.each(CRASHES)(
    'within $within leaves one whole space, and the next one finishes',
    async ({ nth, ...left }) => {
      const place = await make();
      const before = await place.open();
      await fillStore(chunkStore(before.db).forTenant(TENANT), CHUNKS, OLD);
      await before.close();
      const word = nth <= 8 ? 'stalled' : 'done';
      expect(await killedAtWord('doomed-builder.ts', place.where, String(nth))).toBe(word);
      const { db, close } = await place.open();
      expect(await state(db)).toEqual({ vectors: left.vectors, active: left.active, found: 16 });
      await buildGeneration(db, TENANT, NEW);
      await asTenant(db, TENANT, (tx) => generations.switch(tx, NEW.model));
      expect(await state(db)).toEqual({ vectors: 16, active: NEW.model, found: 16 });
      await close();
      await place.remove();
    },
    60_000,
  );
});

async function state(db: Db) {
  const { active, vectors } = await asTenant(db, TENANT, async (tx) => ({
    active: (await generations.list(tx)).filter((generation) => generation.state === 'active'),
    vectors: await tx.query(
      `select chunk_id from packhouse.chunk_vectors join packhouse.embedding_models using (tenant_id, generation)
       where model = $1`,
      [NEW.model],
    ),
  }));
  const embedder = active[0]?.model === NEW.model ? NEW : OLD;
  const [vector] = (await embedder.embed(['Number'], 'query')) as [Float32Array];
  const hits = await chunkStore(db).forTenant(TENANT).nearest({ model: embedder.model, vector }, { limit: 100 });
  return { vectors: vectors.length, active: active.map(({ model }) => model).join(), found: hits.length };
}
