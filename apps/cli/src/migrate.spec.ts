import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { packhouse } from './testing/packhouse.js';

const { Client } = pg;

const env = { PACKHOUSE_DATA: mkdtempSync(join(tmpdir(), 'migrate-')) };

describe('packhouse migrate', () => {
  it('prints every migration and when it ran, as a table and as JSON', async () => {
    const { stdout } = await packhouse(['migrate'], env);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^VERSION {2}NAME +APPLIED$/);
    expect(rows[0]).toMatch(/^ +1 {2}tenants_and_chunks +\d{4}-\d\d-\d\dT/);
    const json = JSON.parse((await packhouse(['migrate', '--status', '--json'], env)).stdout) as object[];
    expect(json).toHaveLength(rows.length);
    expect(json[0]).toMatchObject({ version: 1, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  const ADMIN = 'postgres://admin:a@127.0.0.1:1/none';
  it.each([
    [['--login'], {}, 'DATABASE_ADMIN_URL: is needed'],
    [['--login'], { DATABASE_ADMIN_URL: ADMIN }, 'DATABASE_URL: is to name the role packhouse_app'],
    [['--login'], { DATABASE_ADMIN_URL: ADMIN, DATABASE_URL: ADMIN }, 'DATABASE_URL: is to name the role'],
  ])('%j with %j is refused', async (args, urls, message) => {
    await expect(packhouse(['migrate', ...args], { ...env, ...urls })).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  it('takes one of --login and --status', async () => {
    await expect(packhouse(['migrate', '--login', '--status'], env)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('exclude each other'),
    });
  });

  const SERVER = process.env['TEST_DATABASE_URL'];
  (SERVER ? it : it.skip)('readies a server, and lets packhouse_app log in (needs TEST_DATABASE_URL)', async () => {
    const database = `migrate_${randomUUID().replaceAll('-', '')}`;
    const server = new Client({ connectionString: SERVER });
    await server.connect();
    await server.query(`create database ${database}`);
    const url = new URL(SERVER as string);
    url.pathname = database;
    const admin = url.href;
    [url.username, url.password] = ['packhouse_app', 'packhouse-development-only'];
    const urls = { DATABASE_ADMIN_URL: admin, DATABASE_URL: url.href };
    try {
      expect((await packhouse(['migrate', '--login'], urls)).stdout).not.toContain('pending');
      const role = await packhouse(['migrate', '--status'], { DATABASE_URL: url.href });
      expect(role.stdout).not.toContain('pending');
    } finally {
      await server.query(`drop database ${database} (force)`);
      await server.end();
    }
  });

  it('has help', async () => {
    expect((await packhouse(['migrate', '--help'], env)).stdout).toContain('--status');
  });
});
