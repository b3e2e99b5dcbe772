import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { migrate, migrationStatus } from './migrate.js';

describe.each(testDatabases())('migrate on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  it('has nothing to do the second time', async () => {
    expect(await migrate(database.admin)).toEqual([]);
  });

  it('runs each migration once though several processes begin together', async () => {
    const { admin } = database;
    const all = (await migrationStatus(admin)).map(({ version }) => version);
    await admin.query('drop schema packhouse cascade; drop schema packhouse_jobs cascade');
    const ran = await Promise.all([migrate(admin), migrate(admin), migrate(admin)]);
    const versions = ran.flat().map(({ version }) => version);
    expect(versions.sort((a, b) => a - b)).toEqual(all);
  });

  it('tells the application’s role what has run', async () => {
    const status = await migrationStatus(database.db);
    expect(status.map(({ version }) => version)).toEqual(status.map((_, index) => index + 1));
    for (const { appliedAt } of status) expect(appliedAt).toBeInstanceOf(Date);
  });

  const tampered: [string, string, string][] = [
    [
      'a migration that was changed after it ran',
      `update packhouse.migrations set checksum = reverse(checksum) where version = 1`,
      `update packhouse.migrations set checksum = reverse(checksum) where version = 1`,
    ],
    [
      'a database that a newer version has migrated',
      `insert into packhouse.migrations (version, name, checksum) values (999, 'later', '')`,
      `delete from packhouse.migrations where version = 999`,
    ],
  ];
  it.each(tampered)('refuses %s', async (_, tamper, undo) => {
    await database.admin.query(tamper);
    await expect(migrate(database.admin)).rejects.toMatchObject({ code: 'conflict' });
    await database.admin.query(undo);
    expect(await migrate(database.admin)).toEqual([]);
  });
});
