import { tenantId } from '@packhouse/core';
import { asTenant, type TenantTx } from '../db/db.js';
import { within } from '../db/within.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { keptAnswers, MOST_KEPT_ANSWERS } from './kept-answers.js';
import { vectorStores } from './vector-stores.js';

const ACME = tenantId('acme');
const REQUEST = { operation: 'POST /v1/vector_stores', key: 'k' };
const ANSWERED = { fingerprint: 'ab'.repeat(32), answer: { id: 'vs_1', name: 'Größe "x"' } };

describe.each(testDatabases())('kept answers on $name', ({ name, open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());
  afterEach(() => database.admin.query('delete from packhouse.tenants'));

  const acme = <T>(work: (tx: TenantTx) => Promise<T>) => asTenant(database.db, ACME, work);
  const claim = () => acme((tx) => keptAnswers.claim(tx, REQUEST));
  const keep = (key = 'k') => acme((tx) => keptAnswers.keep(tx, { ...REQUEST, key, ...ANSWERED }));
  const count = async () => {
    const [row] = await database.admin.query<{ n: number }>('select count(*)::int as n from packhouse.kept_answers');
    return row!.n;
  };

  it('are there for the same request of the same tenant', async () => {
    expect(await claim()).toBeNull();
    await keep();
    expect(await claim()).toEqual(ANSWERED);
    expect(await acme((tx) => keptAnswers.claim(tx, { ...REQUEST, operation: 'POST /v1/files' }))).toBeNull();
    expect(await asTenant(database.db, tenantId('ac'), (tx) => keptAnswers.claim(tx, REQUEST))).toBeNull();
  });

  it('are rolled back with the effect', async () => {
    const failed = acme(async (tx) => {
      await vectorStores.insert(tx, { name: 'x' });
      await keptAnswers.keep(tx, { ...REQUEST, ...ANSWERED });
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    expect(await claim()).toBeNull();
  });

  it('are committed with what was begun within', async () => {
    await acme(async (tx) => {
      await asTenant(within(tx), ACME, (inner) => vectorStores.insert(inner, { name: 'within' }));
      await keptAnswers.keep(tx, { ...REQUEST, ...ANSWERED });
    });
    expect((await acme((tx) => vectorStores.list(tx, { limit: 2, order: 'asc' }))).data).toHaveLength(1);
  });

  (name === 'PGlite' ? it.skip : it)(
    'are claimed by one transaction at a time, and nobody waits (not on PGlite, which has one connection)',
    async () => {
      await acme(async (tx) => {
        expect(await keptAnswers.claim(tx, REQUEST)).toBeNull();
        expect(await claim()).toBeUndefined();
        await keptAnswers.keep(tx, { ...REQUEST, ...ANSWERED });
      });
      expect(await claim()).toEqual(ANSWERED);
    },
  );

  it('go after 24 hours', async () => {
    await keep();
    await database.admin.query(`update packhouse.kept_answers set created_at = now() - interval '25 hours'`);
    expect(await claim()).toBeNull();
    await keep('another');
    expect(await count()).toBe(1);
  });

  it('are so many a tenant and no more, the newest', async () => {
    await keep('first');
    await database.admin.query(
      `insert into packhouse.kept_answers (tenant_id, operation, key, fingerprint, answer, created_at)
       select 'acme', 'POST /', 'k' || n, repeat('0', 64), '{}', now() - n * interval '1 second'
       from generate_series(1, $1::int) n`,
      [MOST_KEPT_ANSWERS],
    );
    await keep('last');
    expect(await count()).toBe(MOST_KEPT_ANSWERS);
    expect(await acme((tx) => keptAnswers.claim(tx, { ...REQUEST, key: 'first' }))).toEqual(ANSWERED);
  });
});
