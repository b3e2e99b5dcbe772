import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import { packhouse as run } from './testing/packhouse.js';

const SECRET = 'a secret for these tests alone, 32+ bytes';

const packhouse = (args: string[], env: Record<string, string> = { JWT_SECRET: SECRET }) => run(args, env);

const claims = async (args: string[], env?: Record<string, string>) =>
  jwt.verify((await packhouse(['token', ...args], env)).stdout.trim(), SECRET) as jwt.JwtPayload;

describe('packhouse token', () => {
  it('prints a token and nothing else, for an hour, to write with', async () => {
    const { stdout, stderr } = await packhouse(['token', '--tenant', 'acme']);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(stderr).toBe('');
    const { tenant, role, iat, exp } = jwt.verify(stdout.trim(), SECRET) as jwt.JwtPayload;
    expect({ tenant, role, lasts: exp! - iat! }).toEqual({ tenant: 'acme', role: 'writer', lasts: 3600 });
  });

  it('takes role and time, and the claims of the settings', async () => {
    const env = { JWT_SECRET: SECRET, JWT_ISSUER: 'us', JWT_AUDIENCE: 'rag', JWT_TENANT_CLAIM: 'org' };
    const { org, role, iss, aud, iat, exp } = await claims(['--tenant=a', '--role=reader', '--expires=2d'], env);
    expect([org, role, iss, aud, exp! - iat!]).toEqual(['a', 'reader', 'us', 'rag', 172_800]);
  });

  it('signs with the same made-up secret every time', async () => {
    const env = { PACKHOUSE_DATA: mkdtempSync(join(tmpdir(), 'token-')) };
    const tokens = [await packhouse(['token', '--tenant', 'a'], env), await packhouse(['token', '--tenant', 'a'], env)];
    const secret = readFileSync(join(env.PACKHOUSE_DATA, 'jwt-secret'), 'utf8');
    for (const { stdout } of tokens) expect(jwt.verify(stdout.trim(), secret)).toMatchObject({ tenant: 'a' });
  });

  it.each([
    [[], '--tenant is needed'],
    [['--tenant', '../etc'], 'A tenant is named by'],
    [['--tenant', 'a', '--role', 'root'], '--role is one of reader, writer, admin'],
    [['--tenant', 'a', '--expires', 'never'], '--expires is a number'],
    [['--tenant', 'a', '--colour'], "Unknown option '--colour'"],
  ])('%j is refused on stderr, with nothing on stdout', async (args, message) => {
    await expect(packhouse(['token', ...args])).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  it('has help', async () => {
    expect((await packhouse(['--help'])).stdout).toContain('Usage: packhouse COMMAND');
    expect((await packhouse(['token', '--help'])).stdout).toContain('--tenant NAME');
  });
});
