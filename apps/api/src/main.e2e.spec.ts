import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killApps, prepared, spawnApp, until, type AppProcess } from '@packhouse/server/testing';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const start = (env: Record<string, string>) => spawnApp('api', env);

interface Api {
  readonly process: AppProcess;
  readonly store: string;
  upload(name: string, text: string): Promise<Response>;
  get(path: string): Promise<{ data: { id: string; status: string; last_error: { code: string } | null }[] }>;
  search(query: string): Promise<{ data: { filename: string }[] }>;
  /** Creates a vector store, with an `Idempotency-Key`. */
  create(name: string, key: string): Promise<{ id: string }>;
}

/** Started as a newcomer does it, and used with the token and the store that it prints. */
async function ready(env: Record<string, string>): Promise<Api> {
  const started = start(env);
  const { output, ended } = started;
  await Promise.race([until(() => output.stdout.includes('Ctrl-C')), ended]);
  const url = /ready at (\S+)/.exec(output.stdout)?.[1];
  const token = /^(eyJ\S+)$/m.exec(output.stdout)?.[1];
  const store = /vs_\w+/.exec(output.stdout)?.[0];
  if (!url || !token || !store) throw new Error(output.stdout + output.stderr);
  const headers = { authorization: `Bearer ${token}` };
  const json = async (response: Promise<Response>) => (await response).json() as never;
  return {
    process: started,
    store,
    upload(name, text) {
      const body = new FormData();
      body.set('vector_store_id', store);
      body.set('file', new Blob([text]), name);
      return fetch(`${url}/v1/files`, { method: 'POST', headers, body });
    },
    get: (path) => json(fetch(`${url}${path}`, { headers })),
    create: (name, key) =>
      json(
        fetch(`${url}/v1/vector_stores`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify({ name }),
        }),
      ),
    search: (query) =>
      json(
        fetch(`${url}/v1/vector_stores/${store}/search`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ query, max_num_results: 50 }),
        }),
      ),
  };
}

const folder = () => mkdtempSync(join(tmpdir(), 'packhouse-main-'));
/** One in which there is a database: a first start makes it, which takes longest. */
const used = async () => (await prepared()).PACKHOUSE_DATA;

describe('npm start', () => {
  afterEach(killApps);

  it('finds everything again after a SIGTERM, which ends it with 0', async () => {
    const env = { PACKHOUSE_DATA: folder() };
    const first = await ready(env);
    await first.upload('lamp.txt', 'The lamp is lit before sunset.');
    await until(async () => (await first.search('lamp')).data.length === 1);
    first.process.child.kill('SIGTERM');
    expect(await first.process.ended).toBe(0);

    const second = await ready(env);
    expect(second.store).toBe(first.store);
    expect((await second.search('lamp')).data).toMatchObject([{ filename: 'lamp.txt' }]);
  });

  it('has every acknowledged file whole after kill -9 during ingestion', async () => {
    const env = { PACKHOUSE_DATA: await used() };
    const first = await ready(env);
    // A few hundred chunks each: long enough under way to be hit.
    const text = (name: string) =>
      Array.from({ length: 6_000 }, (_, n) => `Sentence ${n} of ${name} is here.`).join(' ');
    const acknowledged: string[] = [];
    const uploads = Array.from({ length: 12 }, (_, n) => `file${n}.txt`).map(async (name) => {
      const response = await first.upload(name, text(name)).catch(() => undefined);
      if (response?.ok) acknowledged.push(((await response.json()) as { id: string }).id);
    });
    const attachments = async () => (await first.get(`/v1/vector_stores/${first.store}/files?limit=100`)).data;
    await until(async () => (await attachments()).some(({ status }) => status === 'completed'));
    first.process.child.kill('SIGKILL');
    await Promise.all([...uploads, first.process.ended]);

    const second = await ready(env);
    const path = `/v1/vector_stores/${second.store}/files?limit=100`;
    const found = async () => (await second.get(path)).data;
    await until(async () => (await found()).every(({ status }) => status !== 'in_progress'));
    const files = await found();
    expect(acknowledged.length).toBeGreaterThan(1);
    expect(files.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
    expect(files.filter(({ status }) => status !== 'completed')).toEqual([]);
    const words = (all: string) => all.split(/\s+/).join(' ');
    for (const { id } of files) {
      const { filename } = (await second.get(`/v1/files/${id}`)) as unknown as { filename: string };
      const content = await second.get(`/v1/vector_stores/${second.store}/files/${id}/content`);
      expect(words((content.data[0] as unknown as { text: string }).text)).toBe(text(filename));
    }
  });

  it('has done each request with an Idempotency-Key once, and as acknowledged, after kill -9 amid them', async () => {
    const env = { PACKHOUSE_DATA: await used() };
    const first = await ready(env);
    const names = Array.from({ length: 60 }, (_, n) => `Store ${n}`);
    const keyOf = (name: string) => name.replace(' ', '-');
    const acknowledged = new Map<string, string>();
    const creates = names.map(async (name) => {
      const made = await first.create(name, keyOf(name)).catch(() => undefined);
      if (made?.id) acknowledged.set(name, made.id);
    });
    await until(() => acknowledged.size >= 10);
    first.process.child.kill('SIGKILL');
    await Promise.all([...creates, first.process.ended]);
    expect(acknowledged.size).toBeLessThan(names.length);

    const second = await ready(env);
    const again = await Promise.all(names.map((name) => second.create(name, keyOf(name))));
    const listed = (await second.get('/v1/vector_stores?limit=100')).data as unknown as { id: string; name: string }[];
    expect(
      listed
        .map(({ name }) => name)
        .filter((name) => name !== 'First steps')
        .toSorted(),
    ).toEqual(names.toSorted());
    for (const [at, name] of names.entries())
      expect([name, again[at]!.id]).toEqual([name, acknowledged.get(name) ?? again[at]!.id]);
  });

  it('names the port that is in use, and the folder that cannot be written', async () => {
    const { process: first } = await ready({ PACKHOUSE_DATA: await used() });
    const port = /:(\d+)/.exec(first.output.stdout)![1]!;
    const second = start({ PACKHOUSE_DATA: await used(), PORT: port });
    expect(await second.ended).toBe(1);
    expect(second.output.stderr).toContain(`PORT: ${port} is in use`);
    const third = start({ PACKHOUSE_DATA: here('./main.ts') });
    expect(await third.ended).toBe(1);
    expect(third.output.stderr).toContain('PACKHOUSE_DATA: ');
  });

  it('is refused, by name, on a folder that another process has open', async () => {
    const env = { PACKHOUSE_DATA: await used() };
    const { process: first } = await ready(env);
    const second = start(env);
    expect(await second.ended).toBe(1);
    expect(second.output.stderr).toContain(env.PACKHOUSE_DATA);
    expect(second.output.stderr).toContain(String(first.child.pid));
  });

  it('ends with 1 and names the settings at fault', async () => {
    const { ended, output } = start({ NODE_ENV: 'production', PACKHOUSE_DATA: folder(), JWT_SECRET: 'short' });
    expect(await ended).toBe(1);
    expect(output.stderr).toContain('JWT_SECRET');
    expect(output.stderr).toContain('DATABASE_URL');
  });

  const SERVER = process.env['TEST_DATABASE_URL'];
  (SERVER ? it : it.skip)('refuses a privileged database role in production (needs TEST_DATABASE_URL)', async () => {
    const { ended, output } = start({
      NODE_ENV: 'production',
      PACKHOUSE_DATA: folder(),
      JWT_SECRET: 'bGlnaHRob3VzZSBrZWVwZXJzIGFyZSBhd2FrZQ',
      DATABASE_URL: SERVER as string,
    });
    expect(await ended).toBe(1);
    expect(output.stderr).toContain('DATABASE_URL');
    expect(output.stderr).toContain('superuser');
  });
});
