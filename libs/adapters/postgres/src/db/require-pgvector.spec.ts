import { rolledBack } from '../isolation/rolled-back.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { requirePgvector } from './require-pgvector.js';

const [DEVELOPMENT, PRODUCTION] = [{}, { production: true }];

describe.each(testDatabases())('the version of pgvector on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  /** In PostgreSQL's own catalogue, as an older package on the server would have written it there. */
  const withVersion = (version: string, settings: object) =>
    rolledBack(database.admin, async (tx) => {
      await tx.query(`update pg_extension set extversion = $1 where extname = 'vector'`, [version]);
      return requirePgvector(tx, settings).catch((error: unknown) => error);
    });
  const refused = (floor: string, version: string) => ({
    code: 'unsupported',
    message: expect.stringMatching(`${floor} or newer is needed.*has ${version}.*alter extension vector update`),
  });

  it('is new enough here', async () => {
    expect(await requirePgvector(database.db)).toBeUndefined();
  });

  it.each(['0.7.4', '0.5.1'])('%s is refused in development and in production', async (version) => {
    expect(await withVersion(version, DEVELOPMENT)).toMatchObject(refused('0.8.0', version));
    expect(await withVersion(version, PRODUCTION)).toMatchObject(refused('0.8.2', version));
  });

  it.each(['0.8.0', '0.8.1'])('%s is taken in development and refused in production', async (version) => {
    expect(await withVersion(version, DEVELOPMENT)).toBeUndefined();
    expect(await withVersion(version, PRODUCTION)).toMatchObject(refused('0.8.2', version));
  });

  it.each(['0.8.2', '0.8.3'])('%s is taken with a warning in production', async (version) => {
    expect(await withVersion(version, DEVELOPMENT)).toBeUndefined();
    expect(await withVersion(version, PRODUCTION)).toContain(`pgvector ${version} has faults`);
  });

  it.each(['0.8.4', '0.8.10', '0.10.0', '1.0'])('%s is taken without a word', async (version) => {
    expect(await withVersion(version, PRODUCTION)).toBeUndefined();
  });

  it('none at all is refused', async () => {
    const without = rolledBack(database.admin, async (tx) => {
      await tx.query('drop extension vector cascade');
      return requirePgvector(tx).catch((error: unknown) => error);
    });
    expect(await without).toMatchObject(refused('0.8.0', 'none'));
  });
});
