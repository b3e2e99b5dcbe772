import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOn, testBeds, type TestBed } from '@packhouse/server/testing';
import { start } from './testing/packhouse.js';

interface Diagnosis {
  readonly findings: readonly { area: string; state: string; found: string; mend?: string }[];
  readonly faults: number;
}

const doctor = async (env: Record<string, string>) => {
  const { code, stdout, stderr } = await start(['doctor', '--json'], env).ended;
  return { code, stderr, stdout, ...(JSON.parse(stdout) as Diagnosis) };
};

const folder = () => mkdtempSync(join(tmpdir(), 'doctor-'));

describe.each(testBeds())('packhouse doctor, beside a server on $name', ({ name, make }) => {
  let bed: TestBed;
  let server: Awaited<ReturnType<typeof startOn>>;

  beforeAll(async () => {
    bed = await make();
    server = await startOn(bed);
  });
  afterAll(async () => {
    await server?.close();
    await bed?.drop();
  });

  it('finds nothing wrong', async () => {
    const env = { ...(bed.env as Record<string, string>), PACKHOUSE_URL: server.url };
    const { code, faults, findings, stdout } = await doctor(env);
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect({ code, faults }).toEqual({ code: 0, faults: 0 });
    const found = findings.map(({ found }) => found).join('\n');
    expect(found).toContain(`${server.url} is ready`);
    expect(found).toContain('the development token is accepted: tenant demo, writer');
    expect(found).toMatch(name === 'PGlite' ? /embedded: The folder .* is in use by/ : /all \d+ migrations have run/);
    expect(stdout).not.toContain(bed.env['JWT_SECRET']);
  });
});

describe('packhouse doctor', () => {
  it('says of all that is wrong how to mend it, and no secret', async () => {
    const { code, findings, stdout, stderr } = await doctor({
      PACKHOUSE_DATA: folder(),
      PACKHOUSE_URL: 'http://127.0.0.1:2',
      DATABASE_URL: 'postgres://joe:hunter2@127.0.0.1:3/app?password=hunter3',
      LLM: 'openai',
      OPENAI_API_KEY: 'sk-hunter4',
      OPENAI_BASE_URL: 'http://joe:hunter5@127.0.0.1:4/v1',
      EMBEDDING: 'huggingface:none',
      MODEL_DIR: folder(),
    });
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(/hunter\d/);
    const faults = findings.filter(({ state }) => state === 'fault');
    expect(faults).toMatchObject([
      { area: 'server', found: expect.stringContaining('Start the server there') },
      {
        area: 'database',
        found: expect.stringContaining('ECONNREFUSED'),
        mend: expect.stringContaining('Start PostgreSQL'),
      },
      { area: 'models', found: expect.stringContaining('EMBEDDING: '), mend: expect.any(String) },
      { area: 'models', found: expect.stringContaining('LLM: '), mend: expect.any(String) },
    ]);
  });

  it('names the settings at fault, and looks at the server all the same', async () => {
    const { code, findings } = await doctor({
      PORT: 'ninety',
      PACKHOUSE_URL: 'http://127.0.0.1:2',
      PACKHOUSE_DATA: folder(),
    });
    expect(code).toBe(1);
    expect(findings).toContainEqual({ area: 'settings', state: 'fault', found: expect.stringMatching(/^PORT: /) });
    expect(findings).toContainEqual(expect.objectContaining({ area: 'server', state: 'fault' }));
  });

  it('opens the embedded database, and makes none', async () => {
    const { findings } = await doctor({ PACKHOUSE_DATA: folder(), PACKHOUSE_URL: 'http://127.0.0.1:2' });
    expect(findings).toContainEqual({
      area: 'database',
      state: 'ok',
      found: expect.stringContaining('at the first start'),
    });
  });
});

const SERVER = process.env['TEST_DATABASE_URL'];
(SERVER ? describe : describe.skip)('packhouse doctor, of a PostgreSQL server (needs TEST_DATABASE_URL)', () => {
  it.each([
    ['no such database', { pathname: '/nowhere' }, 'createdb'],
    ['no such role', { username: 'nobody' }, 'role'],
  ])('knows the mend for %s', async (_, part, mend) => {
    const { findings } = await doctor({
      PACKHOUSE_DATA: folder(),
      PACKHOUSE_URL: 'http://127.0.0.1:2',
      DATABASE_URL: Object.assign(new URL(SERVER as string), part).href,
    });
    expect(findings).toContainEqual(
      expect.objectContaining({ area: 'database', state: 'fault', mend: expect.stringContaining(mend) }),
    );
  });

  it('refuses a privileged role in production', async () => {
    const { findings } = await doctor({
      NODE_ENV: 'production',
      PACKHOUSE_DATA: folder(),
      PACKHOUSE_URL: 'http://127.0.0.1:2',
      PACKHOUSE_TOKEN: 'a.b.c',
      JWT_SECRET: 'bGlnaHRob3VzZSBrZWVwZXJzIGFyZSBhd2FrZQ',
      DATABASE_URL: SERVER as string,
    });
    expect(findings).toContainEqual(
      expect.objectContaining({ area: 'database', state: 'fault', found: expect.stringContaining('superuser') }),
    );
  });
});
