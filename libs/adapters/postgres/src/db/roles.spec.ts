import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import type { Queryable } from './db.js';
import { checkRole, describeRole } from './roles.js';

describe.each(testDatabases())('roles on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  it('takes the application’s role', async () => {
    await expect(checkRole(database.db)).resolves.toBeUndefined();
    expect(await describeRole(database.db)).toMatchObject({ name: 'packhouse_app', privileged: false });
  });

  it('refuses a superuser and says how to mend it', async () => {
    await expect(checkRole(database.admin)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/"postgres" is a superuser.*alter role "postgres" nosuperuser nobypassrls/),
    });
  });

  const faults: [string, string, RegExp][] = [
    ['BYPASSRLS', 'create role odd bypassrls', /"odd" has BYPASSRLS/],
    ['the owner’s rights', 'create role odd in role packhouse_owner', /revoke packhouse_owner from "odd"/],
  ];
  it.each(faults)('refuses a role with %s', async (_, create, message) => {
    await rolledBack(database.admin.tx, async (tx) => {
      await tx.query(`${create}; set local role odd`);
      await expect(checkRole(tx)).rejects.toThrow(message);
    });
  });
});

/** Runs work in a transaction that is always rolled back: roles would outlive the database. */
async function rolledBack(tx: TestDatabase['admin']['tx'], work: (tx: Queryable) => Promise<void>): Promise<void> {
  const done = new Error('done');
  await tx(async (open) => {
    await work(open);
    throw done;
  }).catch((error: unknown) => {
    if (error !== done) throw error;
  });
}
