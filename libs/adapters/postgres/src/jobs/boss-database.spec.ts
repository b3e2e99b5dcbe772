import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { bossDatabase } from './boss-database.js';

describe.each(testDatabases())('pg-boss on our connection to $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()), 60_000);
  afterAll(() => database?.close());

  it('reads the rows of every statement of a transaction', async () => {
    const text = `
      BEGIN;
      SET LOCAL lock_timeout = 30000;
      SELECT 1 AS one;
      SELECT 2 AS two;
      COMMIT;
    `;
    const { rows } = await bossDatabase(database.db).executeSql(text);
    expect(rows).toEqual([{ one: 1 }, { two: 2 }]);
  });

  it('leaves nothing of a transaction that fails, nor its connection in it', async () => {
    const { db } = database;
    await db.query('create table packhouse_jobs.spec (n int)');
    const text = `BEGIN;\nINSERT INTO packhouse_jobs.spec VALUES (1);\nSELECT 1/0;\nCOMMIT;`;
    await expect(bossDatabase(db).executeSql(text)).rejects.toMatchObject({ code: '22012' });
    expect(await db.query('select * from packhouse_jobs.spec')).toEqual([]);
  });

  it('runs function bodies whole', async () => {
    const text = `
      BEGIN;
      CREATE FUNCTION packhouse_jobs.spec_one() RETURNS int LANGUAGE plpgsql AS $$
        BEGIN
          RETURN 1;
        END;
      $$;
      COMMIT;
    `;
    await bossDatabase(database.db).executeSql(text);
    expect(await database.db.query('select packhouse_jobs.spec_one() as one')).toEqual([{ one: 1 }]);
  });
});
