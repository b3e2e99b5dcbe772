import { setTimeout as sleep } from 'node:timers/promises';
import { tenantId, type TenantId } from '@packhouse/core';
import { candidates } from '../chunks/hybrid.js';
import { chunkStore, tenantChunks } from '../chunks/chunk-store.js';
import { vectorBinary } from '../chunks/vectors-binary.js';
import { asTenant, type TenantTx } from '../db/db.js';
import { fillTenant, MODEL, someQuestion } from '../testing/large-tenant.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { maintain, type MaintainOptions, type MaintenanceStep } from './maintain.js';
import { vectorIndexes } from './vector-indexes.js';

const [whale, small] = [tenantId('whale'), tenantId('small')];
const DIMENSIONS = 384;
const CHUNKS = 25_000;

/** The plan of a dense search, as the application's own role has it made. */
async function planOf({ db }: TestDatabase, tenant: TenantId): Promise<string> {
  const plans: string[] = [];
  await asTenant(db, tenant, async (tx) => {
    const explained: TenantTx = {
      ...tx,
      query: async (sql, params) => {
        if (sql.includes('dense as')) {
          const lines = await tx.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, params);
          plans.push(lines.map((line) => line['QUERY PLAN']).join('\n'));
        }
        return tx.query(sql, params);
      },
    };
    const vector = await someQuestion(tx, DIMENSIONS, true);
    await tenantChunks(explained).nearest({ model: MODEL, vector }, { limit: 10 });
  });
  return plans.at(-1) as string;
}

const BY_INDEX = /Index Scan using hnsw_/;

describe.each(testDatabases().filter(({ name }) => name === 'PGlite'))('dense search on $name', ({ open }) => {
  it('is exact for a tenant of any size', async () => {
    const database = await open();
    await fillTenant(database.admin, { tenant: whale, chunks: 300, dimensions: DIMENSIONS });
    await asTenant(database.db, whale, (tx) => tx.query('update packhouse.corpus set chunks = 1000000'));
    expect(await planOf(database, whale)).not.toMatch(BY_INDEX);
    await database.close();
  });
});

describe.each(testDatabases().filter(({ name }) => name === 'PostgreSQL'))('maintain on $name', ({ open }) => {
  let database: TestDatabase;
  let url: string;
  /** A small tenant whose vectors lie in the same partition as the large one's. */
  let neighbour: TenantId;

  beforeAll(async () => {
    database = await open();
    const { pathname } = new URL(database.url as string);
    url = Object.assign(new URL(process.env['TEST_DATABASE_URL'] as string), { pathname }).href;
    neighbour = await besideWhale();
    await fillTenant(database.admin, { tenant: whale, chunks: CHUNKS, dimensions: DIMENSIONS });
    await fillTenant(database.admin, { tenant: neighbour, chunks: 200, dimensions: DIMENSIONS });
    await fillTenant(database.admin, { tenant: small, chunks: 200, dimensions: DIMENSIONS });
  });
  afterAll(() => database.close());

  const besideWhale = async () => {
    const [row] = await database.admin.query<{ name: string }>(
      `select 'n' || i as name from generate_series(1, 1000) i, generate_series(0, 15) r
       where satisfies_hash_partition('packhouse.chunk_vectors'::regclass, 16, r, ('n' || i) collate "C")
         and satisfies_hash_partition('packhouse.chunk_vectors'::regclass, 16, r, 'whale'::text collate "C")
       order by i limit 1`,
    );
    return tenantId(row?.name);
  };

  const run = async (options: Partial<MaintainOptions> = {}) => {
    const steps: MaintenanceStep[] = [];
    for await (const step of maintain({ url, ...options })) steps.push(step);
    return steps;
  };
  const indexSteps = (steps: readonly MaintenanceStep[]) =>
    steps.filter(({ action }) => action === 'drop' || action === 'build').map(({ action, error }) => [action, error]);
  const indexes = () => vectorIndexes(database.admin);

  /** The nearest by reading everything, as a superuser, whom no policy and no index of ours concerns. */
  const truth = async (tenant: TenantId, vector: Float32Array, limit: number) => {
    const rows = await database.admin.query<{ id: string }>(
      `select chunk_id as id from packhouse.chunk_vectors where tenant_id = $1
       order by (embedding <=> $2::vector::halfvec) + 0, chunk_id limit $3`,
      [tenant, vectorBinary(vector), limit],
    );
    return new Set(rows.map(({ id }) => id));
  };
  const nearest = async (tenant: TenantId, vector: Float32Array, options = {}) => {
    const store = chunkStore(database.db).forTenant(tenant);
    return store.nearest({ model: MODEL, vector }, { limit: 10, ...options });
  };
  const questions = (count: number, onTopic: boolean) =>
    asTenant(database.db, whale, async (tx) => {
      const vectors: Float32Array[] = [];
      while (vectors.length < count) vectors.push(await someQuestion(tx, DIMENSIONS, onTopic));
      return vectors;
    });
  /** The share of the ten nearest that are found, over these questions; every list is full. */
  const recall = async (tenant: TenantId, vectors: readonly Float32Array[]) => {
    let found = 0;
    for (const vector of vectors) {
      const hits = await nearest(tenant, vector);
      expect(hits).toHaveLength(10);
      expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a));
      const true10 = await truth(tenant, vector, 10);
      found += hits.filter(({ chunk }) => true10.has(chunk.id)).length;
    }
    return found / (10 * vectors.length);
  };
  /** Resolves once the build is at its work, not waiting for others. */
  const untilBuilding = async () => {
    const sql = `select pid from pg_stat_progress_create_index where phase like 'building%' and datname = current_database()`;
    for (const until = Date.now() + 30_000; Date.now() < until;) {
      const [build] = await database.admin.query<{ pid: number }>(sql);
      if (build) return build.pid;
      await new Promise((done) => setTimeout(done, 20));
    }
    throw new Error('No build began.');
  };

  it('is for the administrator', async () => {
    await expect(run({ url: database.url as string })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it.each([0, 19_999, 20_000.5, NaN])('refuses a threshold of %d', async (threshold) => {
    await expect(run({ threshold })).rejects.toMatchObject({ code: 'invalid_request', param: 'threshold' });
  });

  it('says what it would do and does nothing', async () => {
    const steps = await run({ dryRun: true });
    const build = steps.find(({ action }) => action === 'build');
    expect(build?.reason).toBe(`whale has ${CHUNKS} vectors of ${DIMENSIONS} dimensions (generation 1)`);
    expect(await indexes()).toEqual([]);
    expect(indexSteps(await run({ dryRun: true, threshold: CHUNKS + 1 }))).toEqual([]);
  });

  it('searches exactly until there is an index', async () => {
    expect(await planOf(database, whale)).not.toMatch(BY_INDEX);
    expect(await recall(whale, await questions(3, false))).toBe(1);
  });

  it('leaves nothing of a build that is cancelled', async () => {
    const cancelled = new AbortController();
    const cancelling = untilBuilding().then(() => cancelled.abort());
    await expect(run({ signal: cancelled.signal })).rejects.toMatchObject({ code: 'aborted' });
    await cancelling;
    expect(await indexes()).toEqual([]);
  });

  it('finds a build that died with its connection, which no search uses', async () => {
    const killing = untilBuilding().then((pid) => database.admin.query('select pg_terminate_backend($1)', [pid]));
    const failed = (await run()).find(({ error }) => error);
    await killing;
    expect(failed).toMatchObject({ action: 'build', error: { code: 'unavailable' } });
    expect(await indexes()).toMatchObject([{ valid: false }]);
    expect(await planOf(database, whale)).not.toMatch(BY_INDEX);
    expect(indexSteps(await run({ dryRun: true }))).toEqual([
      ['drop', undefined],
      ['build', undefined],
    ]);
  });

  it('builds while others read and write, and one run at a time', async () => {
    const vectors = await questions(3, true);
    const document = { collection: 'new', documentId: 'new' };
    let [reads, writes] = [0, 0];
    let building = true;
    // Without one they take a processor from the build, which then takes twice as long.
    const pause = () => sleep(50);
    const others = async () => {
      for (; building; reads++, await pause()) {
        expect(await nearest(whale, vectors[reads % 3] as Float32Array)).toHaveLength(10);
      }
    };
    const writers = async () => {
      const [place, store] = [await someQuestionOf(neighbour), chunkStore(database.db).forTenant(neighbour)];
      const chunk = {
        ...document,
        id: 'new',
        ordinal: 0,
        span: { start: 0, end: 1 },
        pages: [],
        source: 's',
        attributes: {},
      };
      for (; building; writes++, await pause()) {
        const embedding = { model: MODEL, vector: place };
        await store.replaceDocument(document, [{ ...chunk, text: `Text ${writes}.`, embedding }]);
      }
    };
    await untilLockIsFree();
    const running = run().finally(() => (building = false));
    const busy = untilBuilding().then(async () => {
      await expect(run()).rejects.toMatchObject({ code: 'conflict' });
      const before = [reads, writes];
      await new Promise((done) => setTimeout(done, 1_000));
      return [reads - (before[0] as number), writes - (before[1] as number)];
    });
    const [steps, progress] = await Promise.all([running, busy, others(), writers()]);
    expect(indexSteps(steps)).toEqual([
      ['drop', undefined],
      ['build', undefined],
    ]);
    expect(Math.min(...progress)).toBeGreaterThan(0);
    expect(await indexes()).toMatchObject([{ valid: true }]);
  }, 600_000);

  const someQuestionOf = (tenant: TenantId) =>
    asTenant(database.db, tenant, (tx) => someQuestion(tx, DIMENSIONS, true));
  /** The server takes a moment to end a session that was terminated. */
  const untilLockIsFree = async () => {
    while (
      (await database.admin.query(`select from pg_locks where locktype = 'advisory' and objid = 7225449`)).length > 0
    )
      await new Promise((done) => setTimeout(done, 20));
  };

  it('has indexed every row, though its role may see none without a tenant', async () => {
    const [index] = await indexes();
    const [size] = await database.admin.query<{ rows: number }>(
      'select reltuples::int as rows from pg_class where relname = $1',
      [index?.index],
    );
    expect(size?.rows).toBe(CHUNKS);
  });

  it('then has nothing more to do', async () => {
    expect(indexSteps(await run())).toEqual([]);
    expect(await run()).toEqual([]);
  });

  it('has searches of the large tenant use the index, and no other’s', async () => {
    expect(await planOf(database, whale)).toMatch(BY_INDEX);
    for (const tenant of [small, neighbour]) expect(await planOf(database, tenant)).not.toMatch(BY_INDEX);
  });

  it.each([true, false])(
    'loses at most one in a hundred of the nearest, never a place (on topic: %s)',
    async (onTopic) => {
      expect(await recall(whale, await questions(40, onTopic))).toBeGreaterThanOrEqual(0.99);
    },
  );

  it('finds exactly what is nearest for small tenants beside it', async () => {
    for (const tenant of [small, neighbour]) expect(await recall(tenant, [await someQuestionOf(tenant)])).toBe(1);
  });

  it('fills the list whatever narrows it, and however long it is', async () => {
    const [vector] = (await questions(1, false)) as [Float32Array];
    const part = { type: 'eq', key: 'part', value: 7 } as const;
    const found = async (options: object) => (await nearest(whale, vector, options)).length;
    expect(await found({ collections: ['k7'] })).toBe(10);
    expect(await found({ collections: ['k7'], limit: 100 })).toBe(25);
    expect(await found({ filter: part })).toBe(10);
    expect(await found({ filter: part, limit: 300 })).toBe(250);
    expect(await found({ collections: ['none'] })).toBe(0);
    expect(await found({ limit: 2_000 })).toBe(2_000);
    expect(await found({ limit: 2 * CHUNKS })).toBe(CHUNKS);
  });

  it('sorts again in the same transaction as before', async () => {
    const vector = await someQuestionOf(whale);
    const [setting] = await asTenant(database.db, whale, async (tx) => {
      await tenantChunks(tx).nearest({ model: MODEL, vector }, { limit: 10 });
      return tx.query<{ enable_sort: string }>('show enable_sort');
    });
    expect(setting?.enable_sort).toBe('on');
  });

  it('serves hybrid searches too', async () => {
    const vector = await someQuestionOf(whale);
    const question = { text: 'nowhere', embedding: { model: MODEL, vector }, weights: { lexical: 1, dense: 1 } };
    const hits = await chunkStore(database.db).forTenant(whale).hybrid(question, { limit: 10 });
    const near = await truth(whale, vector, candidates(10));
    expect(hits).toHaveLength(10);
    expect(hits.filter(({ chunk }) => near.has(chunk.id)).length).toBeGreaterThanOrEqual(9);
  });

  it('finds what was written since, and refuses a vector of other dimensions', async () => {
    const vector = new Float32Array(DIMENSIONS).map(() => Math.random() - 0.5);
    await asTenant(database.db, whale, (tx) =>
      tx.query(
        `update packhouse.chunk_vectors set embedding = $2::vector::halfvec where tenant_id = $1 and chunk_id = 'c77'`,
        [whale, vectorBinary(vector)],
      ),
    );
    expect((await nearest(whale, vector))[0]?.chunk.id).toBe('c77');
    await expect(nearest(whale, Float32Array.of(1, 0))).rejects.toMatchObject({ code: 'dimension_mismatch' });
  });

  it('searches exactly below the threshold, by the count, though the index stands', async () => {
    const count = (chunks: number) =>
      asTenant(database.db, whale, (tx) => tx.query('update packhouse.corpus set chunks = $1', [chunks]));
    await count(19_999);
    expect(await planOf(database, whale)).not.toMatch(BY_INDEX);
    await count(20_000);
    expect(await planOf(database, whale)).toMatch(BY_INDEX);
    await count(CHUNKS);
  });

  it('drops the index of a tenant that shrank, and cleans up after it', async () => {
    await asTenant(database.admin, whale, async (tx) => {
      await tx.query(`delete from packhouse.chunks where tenant_id = 'whale' and substr(chunk_id, 2)::int > 9999`);
      await tx.query(`update packhouse.corpus set chunks = 9999 where tenant_id = 'whale'`);
    });
    expect(indexSteps(await run())).toEqual([['drop', undefined]]);
    expect(await indexes()).toEqual([]);
    expect(await nearest(whale, await someQuestionOf(whale))).toHaveLength(10);
  }, 180_000);

  it('analyses anew what the rules of an earlier version analysed', async () => {
    const tenant = tenantId('upgraded');
    const store = chunkStore(database.db).forTenant(tenant);
    const document = { collection: 'c', documentId: 'd' };
    const chunk = { ...document, id: 'upgraded', ordinal: 0, text: 'refund', span: { start: 0, end: 6 }, pages: [] };
    const embedding = { model: MODEL, vector: Float32Array.of(1) };
    await store.replaceDocument(document, [{ ...chunk, source: 's', attributes: {}, embedding }]);
    await asTenant(database.db, tenant, (tx) =>
      tx.query(`update packhouse.chunk_terms set analyzer = 'en/0'; update packhouse.analyses set analyzer = 'en/0'`),
    );
    expect(await store.matching('refund', { limit: 5 })).toEqual([]);
    const steps = (await run()).filter(({ action }) => action === 'reanalyse');
    expect(steps.map(({ target, error }) => [target, error])).toEqual([[tenant, undefined]]);
    expect(await store.matching('refund', { limit: 5 })).toHaveLength(1);
    expect((await run({ dryRun: true })).filter(({ action }) => action === 'reanalyse')).toEqual([]);
  });
});
