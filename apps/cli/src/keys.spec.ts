import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packhouse } from './testing/packhouse.js';

const env = { PACKHOUSE_DATA: mkdtempSync(join(tmpdir(), 'keys-')) };

describe('packhouse keys', () => {
  it('prints a new key and nothing else, lists it without itself, and revokes it', async () => {
    const { stdout, stderr } = await packhouse(
      ['keys', 'create', '--tenant', 'acme', '--role=writer', '--name', 'night\u001b[2Jly', '--expires=90d'],
      env,
    );
    expect(stdout).toMatch(/^phk_acme_key_[0-9a-z]{24}_[\w-]{43}\n$/);
    expect(stderr).toBe('');
    const keyId = stdout.slice(9, 37);

    const listed = (await packhouse(['keys', 'list', '--tenant', 'acme'], env)).stdout;
    expect(listed).toMatch(/^ID +ROLE +CREATED +LAST USED +EXPIRES +NAME\n/);
    expect(listed).toMatch(
      new RegExp(`${keyId}  writer  \\d{4}-\\d\\d-\\d\\d  never +\\d{4}-\\d\\d-\\d\\d  night\\?\\[2Jly`),
    );
    expect(listed).not.toContain(stdout.trim().slice(-43));
    const revoke = ['keys', 'revoke', '--tenant', 'acme', keyId];
    expect((await packhouse(revoke, env)).stdout).toBe(`${keyId} is revoked.\n`);
    await expect(packhouse(revoke, env)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no API key'),
    });
  }, 240_000);

  it.each([
    [[], '--tenant is needed'],
    [['make'], '"make" is none of list, create, revoke'],
    [['create'], '--tenant is needed'],
    [['create', '--tenant', '../etc'], 'A tenant is named by'],
    [['create', '--tenant', 'a', '--role', 'root'], '--role is one of reader, writer, admin'],
    [['create', '--tenant', 'a', '--expires', '0d'], '--expires is a number'],
    [['revoke', '--tenant', 'a'], 'One KEY_ID is needed'],
  ])('%j is refused on stderr, with nothing on stdout', async (args, message) => {
    await expect(packhouse(['keys', ...args], env)).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });
});

describe('packhouse tenants', () => {
  it('suspends a tenant, and lets it in again', async () => {
    expect((await packhouse(['tenants', 'suspend', 'acme'], env)).stdout).toBe('acme is suspended.\n');
    expect((await packhouse(['tenants', 'resume', 'acme'], env)).stdout).toBe('acme is served again.\n');
    await expect(packhouse(['tenants', 'resume', 'acme'], env)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not suspended'),
    });
  }, 240_000);

  it('needs an administrator’s database in production', async () => {
    const production = {
      NODE_ENV: 'production',
      JWT_SECRET: 'bGlnaHRob3VzZSBrZWVwZXJzIGFyZSBhd2FrZQ',
      DATABASE_URL: 'postgres://packhouse_app@127.0.0.1:1/none',
    };
    await expect(packhouse(['tenants', 'suspend', 'acme'], production)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('DATABASE_ADMIN_URL: is needed'),
    });
  });

  it.each([[[]], [['suspend']], [['delete', 'acme']], [['suspend', 'a', 'b']]])('%j is refused', async (args) => {
    await expect(packhouse(['tenants', ...args], env)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('A command and a tenant are needed'),
    });
  });

  it('has help', async () => {
    expect((await packhouse(['tenants', '--help'], env)).stdout).toContain('within 5 seconds');
    expect((await packhouse(['keys', '--help'], env)).stdout).toContain('cannot be shown again');
  });
});
