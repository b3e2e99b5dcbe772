import { rolledBack } from '../isolation/rolled-back.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
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

  /** Each in the words of what an operator would have typed. */
  const faults: [string, string, RegExp][] = [
    ['is a superuser', 'create role odd superuser', /"odd" is a superuser.*alter role "odd" nosuperuser nobypassrls$/],
    ['has BYPASSRLS', 'create role odd bypassrls', /"odd" has BYPASSRLS.*alter role "odd" nosuperuser nobypassrls$/],
    [
      'owns one tenant table',
      'create role odd; grant usage, create on schema packhouse to odd; alter table packhouse.files owner to odd',
      /"odd" owns the table packhouse.files.*reassign owned by "odd" to packhouse_owner$/,
    ],
    [
      'owns one partition',
      'create role odd; grant usage, create on schema packhouse to odd; alter table packhouse.chunks_7 owner to odd',
      /"odd" owns the table packhouse.chunks_7/,
    ],
    [
      'may become the owner',
      'create role odd in role packhouse_owner',
      /"odd" may become "packhouse_owner".*revoke "packhouse_owner" from "odd"$/,
    ],
    [
      'may become the owner, without inheriting its rights, by way of another role',
      'create role between noinherit in role packhouse_owner; create role odd noinherit in role between',
      /"odd" may become "packhouse_owner".*revoke "between" from "odd"$/,
    ],
    [
      'holds the role for backups',
      'create role odd in role packhouse_backup',
      /"odd" may become "packhouse_backup".*revoke "packhouse_backup" from "odd"$/,
    ],
    [
      'may become a superuser',
      'create role almighty superuser; create role odd in role almighty',
      /"odd" may become "almighty".*revoke "almighty" from "odd"$/,
    ],
  ];
  it.each(faults)('refuses a role that %s, naming it and the command that mends it', async (_, create, message) => {
    await rolledBack(database.admin, async (tx) => {
      await tx.query(`${create}; set local role odd`);
      await expect(checkRole(tx)).rejects.toThrow(message);
    });
  });

  it.each(faults)('takes the role that %s once the command was run', async (_, create) => {
    await rolledBack(database.admin, async (tx) => {
      await tx.query(`${create}; set local role odd`);
      const refused = await checkRole(tx).catch((error: Error) => error.message);
      await tx.query(`set local role none; ${String(refused).split('mend the role: ')[1]}; set local role odd`);
      await expect(checkRole(tx)).resolves.toBeUndefined();
    });
  });
});
