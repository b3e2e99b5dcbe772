import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { tenantId, type Chunk, type Embedder, type TenantId } from '@packhouse/core';
import { chunk, fillStore, wordEmbedder } from '@packhouse/core/testing';
import { chunkStore } from '../chunks/chunk-store.js';
import { asTenant, type TenantTx } from '../db/db.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { buildGeneration } from './build-generation.js';
import { compareGenerations, isWorse } from './compare-generations.js';
import { dropGeneration } from './drop-generation.js';
import { generations } from './generations.js';
import { questions } from './questions.js';

const OLD = wordEmbedder(64);
const NEW = wordEmbedder(96);

const WORDS = ['anchor', 'beacon', 'cable', 'davit', 'ensign', 'fender', 'galley', 'halyard', 'jib', 'keel'];
const CHUNKS = Array.from({ length: 40 }, (_, number) =>
  chunk({
    id: `chunk ${String(number).padStart(2, '0')}`,
    text: `The ${WORDS[number % 10]} of ship ${number} lies by the ${WORDS[(number * 7 + 3) % 10]}.`,
    documentId: `doc ${number % 8}`,
  }),
);

describe.each(testDatabases())('embedding generations on $name', ({ open }) => {
  let database: TestDatabase;
  let tenant: TenantId;
  let tenants = 0;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());
  beforeEach(async () => {
    tenant = tenantId(`t${++tenants}`);
    await fillStore(store(), CHUNKS, OLD);
  });

  const store = (of = tenant) => chunkStore(database.db).forTenant(of);
  const within = <T>(work: (tx: TenantTx) => Promise<T>, of = tenant) => asTenant(database.db, of, work);
  const build = (embedder: Embedder = NEW, of = tenant) => buildGeneration(database.db, of, embedder);
  const states = async (of = tenant) =>
    Object.fromEntries((await within((tx) => generations.list(tx), of)).map(({ model, state }) => [model, state]));
  const search = async (embedder: Embedder, text: string, of = tenant) => {
    const [vector] = (await embedder.embed([text], 'query')) as [Float32Array];
    return store(of).nearest({ model: embedder.model, vector }, { limit: 100 });
  };
  /** How many vectors each generation has, by model. */
  const vectors = async () => {
    const rows = await within((tx) =>
      tx.query<{ model: string; count: number }>(
        `select model, count(v.chunk_id) from packhouse.embedding_models m
           left join packhouse.chunk_vectors v using (tenant_id, generation)
         where m.tenant_id = $1 group by model`,
        [tenant],
      ),
    );
    return Object.fromEntries(rows.map(({ model, count }) => [model, count]));
  };
  const replace = (documentId: string, chunks: readonly Chunk[]) =>
    chunks.length > 0
      ? fillStore(store(), chunks, OLD)
      : store()
          .replaceDocument({ collection: 'docs', documentId }, [])
          .then(() => undefined);

  it('are one and active for a tenant with one model', async () => {
    expect(await states()).toEqual({ [OLD.model]: 'active' });
  });

  it('are built beside the active one, which goes on answering, and switched when whole', async () => {
    const before = await search(OLD, 'anchor');
    await build();
    expect(await states()).toEqual({ [OLD.model]: 'active', [NEW.model]: 'building' });
    expect(await vectors()).toEqual({ [OLD.model]: 40, [NEW.model]: 40 });
    expect(await search(OLD, 'anchor')).toEqual(before);
    await within((tx) => generations.switch(tx, NEW.model));
    expect(await states()).toEqual({ [OLD.model]: 'retired', [NEW.model]: 'active' });
    expect((await search(NEW, 'anchor'))[0]?.chunk.text).toContain('anchor');
  });

  it('are not switched to while a chunk lacks its vector', async () => {
    await build();
    await replace('late', [chunk({ id: 'late', text: 'A late quay.', documentId: 'late' })]);
    const early = within((tx) => generations.switch(tx, NEW.model));
    await expect(early).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('1 chunks') });
    expect(await states()).toMatchObject({ [OLD.model]: 'active' });
    await build();
    await within((tx) => generations.switch(tx, NEW.model));
    expect(await states()).toMatchObject({ [NEW.model]: 'active' });
  });

  it('hold every chunk once, whatever came, changed and went during the build', async () => {
    const changes: (() => Promise<void>)[] = [
      // Behind the cursor by its id, ahead of it, in place of a text that is being embedded, and gone.
      () => replace('a', [chunk({ id: 'a first', text: 'Came behind.', documentId: 'a' })]),
      () => replace('z', [chunk({ id: 'z last', text: 'Came ahead.', documentId: 'z' })]),
      () => replace('doc 1', [{ ...(CHUNKS[1] as Chunk), text: 'Another text under the same id.' }]),
      () => replace('doc 2', []),
    ];
    const busy: Embedder = {
      ...NEW,
      maxBatch: 7,
      async embed(texts, kind) {
        await changes.shift()?.();
        return NEW.embed(texts, kind);
      },
    };
    await build(busy);
    expect(changes).toEqual([]);
    expect(await vectors()).toEqual({ [OLD.model]: 33, [NEW.model]: 33 });
    const [changed] = await search(NEW, 'Another text under the same id.');
    expect(changed).toMatchObject({ score: expect.closeTo(1, 2), chunk: { id: 'chunk 01' } });
    await within((tx) => generations.switch(tx, NEW.model));
  });

  it('show a reader one space only, whole, while they are switched to and fro', async () => {
    await build();
    const seen = new Set<string>();
    const reader = async () => {
      for (let turn = 0; turn < 20; turn++) {
        const active = (await within((tx) => generations.list(tx))).filter(({ state }) => state === 'active');
        expect(active).toHaveLength(1);
        const embedder = active[0]?.model === OLD.model ? OLD : NEW;
        seen.add(embedder.model);
        expect(await search(embedder, 'beacon')).toHaveLength(40);
      }
    };
    let reading = true;
    const switcher = async () => {
      for (let turn = 0; reading; turn++) {
        await within((tx) => generations.switch(tx, turn % 2 ? OLD.model : NEW.model));
        // PGlite takes turns so strictly that the readers would come at every second switch.
        await sleep(Math.random() * 10);
      }
    };
    const readers = Promise.all([reader(), reader(), reader()]).finally(() => (reading = false));
    await Promise.all([readers, switcher()]);
    expect(seen).toEqual(new Set([OLD.model, NEW.model]));
  });

  it('are rolled back to what they were, hit by hit', async () => {
    const before = await search(OLD, 'galley by the keel');
    await build();
    await within((tx) => generations.switch(tx, NEW.model));
    const rolledBack = await within((tx) => generations.rollback(tx));
    expect(rolledBack).toEqual({ from: NEW.model, to: OLD.model, missing: 0 });
    expect(await search(OLD, 'galley by the keel')).toEqual(before);
    const [old, held] = await within((tx) => generations.list(tx));
    expect([old?.state, old?.held]).toEqual(['active', null]);
    expect([held?.state, held?.held]).toEqual(['retired', 'It was rolled back from.']);
    // Back again is another decision, not another rollback.
    await expect(within((tx) => generations.rollback(tx))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('say after a rollback how many chunks came since, and a build fills them in', async () => {
    await build();
    await within((tx) => generations.switch(tx, NEW.model));
    await fillStore(store(), [chunk({ id: 'since', text: 'Came since.', documentId: 'since' })], NEW);
    expect(await within((tx) => generations.rollback(tx))).toMatchObject({ missing: 1 });
    await build(OLD);
    expect(await vectors()).toEqual({ [OLD.model]: 41, [NEW.model]: 41 });
  });

  it('differ between two tenants', async () => {
    const other = tenantId(`other-${tenants}`);
    await fillStore(store(other), CHUNKS, OLD);
    await build(NEW, other);
    await within((tx) => generations.switch(tx, NEW.model), other);
    expect(await states()).toEqual({ [OLD.model]: 'active' });
    expect(await states(other)).toMatchObject({ [NEW.model]: 'active' });
    expect(await search(OLD, 'davit')).toHaveLength(40);
    expect(await search(NEW, 'davit')).toEqual([]);
    expect(await search(NEW, 'davit', other)).toHaveLength(40);
  });

  it('are dropped with their vectors, but not the active one, and their numbers are not given again', async () => {
    await build();
    await expect(dropGeneration(database.db, tenant, OLD.model)).rejects.toMatchObject({ code: 'conflict' });
    await dropGeneration(database.db, tenant, NEW.model);
    expect(await vectors()).toEqual({ [OLD.model]: 40 });
    const again = await within((tx) => generations.begin(tx, { model: 'again', dimensions: 128 }));
    expect(again).toMatchObject({ generation: 3, state: 'building' });
  });

  it('refuse another number of dimensions and a model that is not theirs before anything is written', async () => {
    const wrong = [{ id: 'chunk 00', vector: new Float32Array(65).fill(1) }];
    const odd = { ...OLD, dimensions: 65 };
    await expect(build(odd)).rejects.toMatchObject({ code: 'dimension_mismatch' });
    await expect(build({ ...NEW, dimensions: 4_001 })).rejects.toMatchObject({ code: 'dimension_mismatch' });
    const put = (model: string) => within((tx) => generations.put(tx, model, wrong));
    await expect(put(OLD.model)).rejects.toMatchObject({ code: 'dimension_mismatch' });
    await expect(put('unheard of')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(OLD.model),
    });
    expect(await vectors()).toEqual({ [OLD.model]: 40 });
  });

  it('stop at an embedder that does not keep its promise, with what was good', async () => {
    let calls = 0;
    const failing: Embedder = {
      ...NEW,
      embed: async (texts, kind) => (++calls > 1 ? texts.map(() => new Float32Array(3)) : NEW.embed(texts, kind)),
    };
    await expect(build(failing)).rejects.toMatchObject({ code: 'dimension_mismatch' });
    expect(await vectors()).toEqual({ [OLD.model]: 40, [NEW.model]: 16 });
    await build();
    expect(await vectors()).toEqual({ [OLD.model]: 40, [NEW.model]: 40 });
  });

  it('are held to their dimensions by the database itself', async () => {
    const bypass = within((tx) =>
      tx.query(
        `insert into packhouse.chunk_vectors (tenant_id, generation, chunk_id, collection, embedding)
         select tenant_id, generation, 'chunk 00', 'docs', '[1,2,3]' from packhouse.embedding_models where tenant_id = $1
         on conflict (tenant_id, generation, chunk_id) do update set embedding = excluded.embedding`,
        [tenant],
      ),
    );
    await expect(bypass).rejects.toMatchObject({ code: '23503' });
    await within((tx) => generations.begin(tx, NEW));
    const second = within((tx) => tx.query(`update packhouse.embedding_models set state = 'active'`));
    await expect(second).rejects.toMatchObject({ code: '23505' });
  });

  it('of 64 and of 4,000 dimensions stand side by side under the longest tenant’s name', async () => {
    tenant = tenantId('t'.repeat(63));
    const wide = wordEmbedder(4_000);
    await fillStore(store(), CHUNKS, OLD);
    await build(wide);
    await within((tx) => generations.switch(tx, wide.model));
    const [hit] = await search(wide, CHUNKS[5]?.text ?? '');
    expect(hit).toMatchObject({ score: expect.closeTo(1, 2), chunk: { id: 'chunk 05' } });
    expect(await search(OLD, 'anchor')).toHaveLength(40);
  });

  it('keep 4,000 dimensions in the row under the longest tenant’s name, with ids of 28 and 27 random characters', async () => {
    tenant = tenantId(`tenant-of-the-longest-name-${randomBytes(18).toString('hex')}`);
    const wide = wordEmbedder(4_000);
    const id = `chunk_${randomBytes(11).toString('hex')}`;
    const collection = `vs_${randomBytes(12).toString('hex')}`;
    await fillStore(store(), [chunk({ id, collection })], wide);
    const sizes = await within((tx) =>
      tx.query('select pg_column_size(embedding) as size from packhouse.chunk_vectors where tenant_id = $1', [tenant]),
    );
    // Elsewhere it would be 8,004.
    expect(sizes).toEqual([{ size: 8_008 }]);
  });

  it('are compared on what the tenant asks and has', async () => {
    await build();
    for (const word of WORDS) await within((tx) => questions.record(tx, `Where is the ${word}?`));
    const same = await compareGenerations(database.db, tenant, { from: OLD, to: OLD });
    expect(same).toMatchObject({ overlap: 1, items: 40, hitRate: { from: 1, to: 1 } });
    expect(same.questions).toBeGreaterThan(5);
    const deaf: Embedder = {
      ...wordEmbedder(80),
      model: 'deaf',
      embed: async (texts) => texts.map((_, index) => new Float32Array(80).fill(0).with(index % 80, 1)),
    };
    await build(deaf);
    const worse = await compareGenerations(database.db, tenant, { from: OLD, to: deaf });
    expect(worse.hitRate.to).toBeLessThan(0.9);
    expect(worse.overlap).toBeLessThan(1);
    expect([isWorse(same), isWorse(worse)]).toEqual([false, true]);
  });

  it('are compared on a sample of questions that does not grow', async () => {
    for (let turn = 0; turn < 300; turn++) await within((tx) => questions.record(tx, `Question ${turn}\0`));
    const sample = await within((tx) => questions.list(tx));
    expect(sample.length).toBeGreaterThan(100);
    expect(sample.length).toBeLessThanOrEqual(200);
    const stranger = tenantId('stranger');
    await within((tx) => questions.record(tx, 'Who am I?'), stranger);
    expect(await within((tx) => questions.list(tx), stranger)).toEqual([]);
  });
});
