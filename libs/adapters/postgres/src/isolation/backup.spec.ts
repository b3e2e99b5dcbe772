import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { ATTACKER, SECRET, seed, VICTIM } from './two-tenants.js';

const run = promisify(execFile);
const server = testDatabases().find(({ name }) => name === 'PostgreSQL');
const missing = server ? (isInstalled() ? undefined : 'pg_dump is not installed') : 'TEST_DATABASE_URL is not set';

(missing ? describe.skip : describe)(`a backup by pg_dump${missing ? `: ${missing}` : ''}`, () => {
  let database: TestDatabase;
  let adminUrl: string;
  beforeAll(async () => {
    database = await server!.open();
    await seed(database.db);
    const { pathname } = new URL(database.url ?? '');
    adminUrl = Object.assign(new URL(process.env['TEST_DATABASE_URL'] ?? ''), { pathname }).href;
  });
  afterAll(() => database.close());

  const dump = async (...args: string[]) => (await run('pg_dump', args, { maxBuffer: 64 * 1024 * 1024 })).stdout;

  it('has every tenant’s rows as the role for backups', async () => {
    const sql = await dump('--role=packhouse_backup', adminUrl);
    for (const part of [VICTIM, ATTACKER, SECRET, 'wombat', 'force row level security']) {
      expect(sql.toLowerCase()).toContain(part);
    }
  });

  it.each(['packhouse_owner', 'packhouse_app'])('fails as %s, and is not silently empty', async (role) => {
    await expect(dump(`--role=${role}`, '--data-only', adminUrl)).rejects.toThrow(
      /row-level security|permission denied/,
    );
  });

  it('may not be written by its role', async () => {
    const write = database.admin.tx((tx) => tx.query('set local role packhouse_backup; delete from packhouse.chunks'));
    await expect(write).rejects.toMatchObject({ code: '42501' });
  });
});

function isInstalled(): boolean {
  try {
    execFileSync('pg_dump', ['--version']);
    return true;
  } catch {
    return false;
  }
}
