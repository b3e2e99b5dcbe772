import { eraseTenant } from '../catalogue/tenants.js';
import { asTenant } from '../db/db.js';
import { pgBossQueue } from '../jobs/pg-boss-queue.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { digests, rowsOf } from './attempt.js';
import { ATTACKER, SECRET, seed, VICTIM } from './two-tenants.js';

describe.each(testDatabases())('eraseTenant on $name', ({ name: engine, open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
    await seed(database.db);
    const queue = await pgBossQueue({ db: database.db, exclusive: engine === 'PGlite', onError: () => undefined });
    for (const tenant of [VICTIM, ATTACKER]) {
      await asTenant(database.db, tenant, (tx) => queue.enqueue(tx, { tenant, id: 'ing_shared' }));
    }
    await queue.stop();
  });
  afterAll(() => database.close());

  /** Tables, the queue's among them, that have a row in which a text stands, as it is or as bytes. */
  const tablesWith = async (text: string) => {
    const tables = await database.admin.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class
       where relnamespace in ('packhouse'::regnamespace, 'packhouse_jobs'::regnamespace) and relkind in ('r', 'p')`,
    );
    const hex = Buffer.from(text).toString('hex');
    const holding = tables.map(
      ({ name }) => `select '${name}' as name where exists (
        select from ${name} t where row_to_json(t)::text like '%${text}%' or row_to_json(t)::text like '%${hex}%')`,
    );
    return (await database.admin.query<{ name: string }>(holding.join(' union all '))).map(({ name }) => name);
  };

  it('leaves no row, no byte and no job of the tenant, and all of the others’', async () => {
    const before = await digests(database.admin);
    expect(await tablesWith(SECRET)).toEqual(expect.arrayContaining(['packhouse.chunks', 'packhouse.blob_parts']));
    expect(await tablesWith(`"${VICTIM}"`)).toEqual(
      expect.arrayContaining(['packhouse_jobs.job', 'packhouse.tenants']),
    );
    await asTenant(database.db, VICTIM, (tx) => eraseTenant(tx));
    expect(await tablesWith(SECRET)).toEqual([]);
    expect(await tablesWith(`"${VICTIM}"`)).toEqual([]);
    const after = await digests(database.admin);
    expect(rowsOf(VICTIM, after)).toEqual(new Map());
    expect(rowsOf(ATTACKER, after)).toEqual(rowsOf(ATTACKER, before));
    const jobs = await database.admin.query(`select group_id from packhouse_jobs.job where name = 'ingestion'`);
    expect(jobs).toEqual([{ group_id: ATTACKER }]);
  });

  it('finds nothing to do the second time', async () => {
    await asTenant(database.db, VICTIM, (tx) => eraseTenant(tx));
    expect(rowsOf(VICTIM, await digests(database.admin))).toEqual(new Map());
  });
});
