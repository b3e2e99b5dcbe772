import { rolledBack } from '../isolation/rolled-back.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import type { Queryable } from './db.js';

/** Without one, each row deleted has its table's rows, or the tenant's, looked through for those that go with it. */
const UNINDEXED = `
  select conrelid::regclass || ': ' || conname as name from pg_constraint key
  where contype = 'f' and confdeltype = 'c' and connamespace = 'packhouse'::regnamespace and not exists (
    select from pg_index
    where indrelid = key.conrelid and indisvalid and (indkey::int2[])[0:cardinality(conkey) - 1] @> conkey
  )`;

const unindexed = async (db: Queryable) => (await db.query<{ name: string }>(UNINDEXED)).map(({ name }) => name);

describe.each(testDatabases())('what goes with a row that is deleted, on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  it('is found by an index', async () => {
    expect(await unindexed(database.admin)).toEqual([]);
  });

  it('would be missed here without', async () => {
    const missed = await rolledBack(database.admin, async (tx) => {
      await tx.query('drop index packhouse.chunk_vectors_chunk');
      return unindexed(tx);
    });
    expect(missed).toContainEqual(expect.stringMatching(/^packhouse\.chunk_vectors_7: /));
  });
});
