import { setTimeout as sleep } from 'node:timers/promises';
import {
  clientOf,
  killApps,
  onPostgres,
  SERVER,
  spawnApp,
  storedContent,
  until,
  type AppProcess,
  type TestBed,
} from '@packhouse/server/testing';
import { toFile } from 'openai';

const TENANTS = ['acme', 'borealis', 'calypso'];
const FILES_EACH = 12;
const KILLS = 6;

/** Some thirty chunks: long enough under way to be hit. */
const text = (name: string) => Array.from({ length: 1_500 }, (_, n) => `Sentence ${n} of ${name} is here.`).join(' ');
const between = (least: number, most: number) => sleep(least + Math.random() * (most - least));

describe('a worker', () => {
  afterEach(killApps);

  it('refuses the embedded database, and to have nothing to do', async () => {
    const { ended, output } = spawnApp('worker', { INGESTION_CONCURRENCY: '0' });
    expect(await ended).toBe(1);
    expect(output.stderr).toContain('DATABASE_URL: a worker needs PostgreSQL');
    expect(output.stderr).toContain('INGESTION_CONCURRENCY: 0');
  });
});

(SERVER ? describe : describe.skip)('two workers and two APIs on one PostgreSQL (needs TEST_DATABASE_URL)', () => {
  let bed: TestBed;
  beforeAll(async () => (bed = await onPostgres(SERVER as string)));
  afterEach(killApps);
  afterAll(() => bed?.drop());

  const api = () => spawnApp('api', { ...bed.env, INGESTION_CONCURRENCY: '0' });
  // A worker verifies no tokens.
  const worker = () => spawnApp('worker', { ...bed.env, JWT_SECRET: undefined, INGESTION_CONCURRENCY: '3' });
  const contents = (tenant: string) => storedContent(bed.env['DATABASE_URL'] as string, tenant);
  const settled = async (tenant: string) => {
    const { attachments, jobs } = await contents(tenant);
    return !attachments['in_progress'] && !jobs['created'] && !jobs['active'] && !jobs['retry'];
  };

  it('end with 0 on a signal, saying first that they are not ready, and at once on a second one', async () => {
    const patient = { DRAIN_DELAY_SECONDS: '30', DRAIN_TIMEOUT_SECONDS: '60' };
    const slow = spawnApp('worker', { ...bed.env, ...patient });
    const quick = spawnApp('worker', bed.env);
    const url = await slow.url;
    await quick.url;
    quick.child.kill('SIGINT');
    expect(await quick.ended).toBe(0);

    const status = async (path: string) => (await fetch(`${url}/health/${path}`)).status;
    expect([await status('ready'), await status('live')]).toEqual([200, 200]);
    slow.child.kill('SIGTERM');
    await until(async () => (await status('ready')) === 503);
    expect(await status('live')).toBe(200);
    await sleep(1_500);
    slow.child.kill('SIGTERM');
    expect(await slow.ended).toBe(143);
  }, 240_000);

  it('lose nothing and do nothing twice, whichever is killed at whatever moment', async () => {
    const apis = [api()];
    await apis[0]!.url;
    apis.push(api());
    const workers = [worker(), worker()];
    await Promise.all([...apis, ...workers].map(({ url }) => url));
    const stores = new Map<string, string>();
    for (const tenant of TENANTS) {
      const client = clientOf({ url: await apis[0]!.url }, tenant);
      stores.set(tenant, (await client.vectorStores.create({ name: 'Files' })).id);
    }

    // A name is used once, so that an upload whose answer was lost is told from the one that was tried after it.
    const acknowledged = new Map<string, string[]>(TENANTS.map((tenant) => [tenant, []]));
    const uploads = TENANTS.map(async (tenant) => {
      for (let n = 0, tries = 0; n < FILES_EACH; tries++) {
        const name = `file${n}-${tries}.txt`;
        const via = { url: await apis[tries % 2]!.url.catch(() => '') };
        const file = await toFile(Buffer.from(text(name)), name);
        const body = { file, purpose: 'assistants', vector_store_id: stores.get(tenant) } as const;
        const answer = await clientOf(via, tenant)
          .files.create(body)
          .catch(() => undefined);
        if (!answer) continue;
        acknowledged.get(tenant)!.push(answer.id);
        n++;
      }
    });

    const killed: string[] = [];
    const kill = async (apps: AppProcess[], start: () => AppProcess) => {
      const at = Math.floor(Math.random() * apps.length);
      const victim = apps[at] as AppProcess;
      victim.child.kill('SIGKILL');
      killed.push(String(await victim.ended));
      await between(0, 500);
      apps[at] = start();
      await apps[at].url;
    };
    for (let n = 0; n < KILLS; n++) {
      await between(200, 2_000);
      await (n === 1 ? kill(apis, api) : kill(workers, worker));
    }
    expect(killed).toEqual(Array(KILLS).fill('SIGKILL'));
    await Promise.all(uploads);
    for (const tenant of TENANTS) await until(() => settled(tenant));

    for (const tenant of TENANTS) {
      const client = clientOf({ url: await apis[0]!.url }, tenant);
      const store = stores.get(tenant) as string;
      const files = await Array.fromAsync(client.vectorStores.files.list(store, { limit: 100 }));
      expect(acknowledged.get(tenant)).toHaveLength(FILES_EACH);
      expect(files.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged.get(tenant)!));
      expect(files.filter(({ status }) => status !== 'completed')).toEqual([]);
      const stormy = await contents(tenant);
      expect(stormy.jobs).toEqual({ completed: files.length });
      expect(stormy.statistics).toEqual(stormy.recount);

      // The same files once more, and nothing dies.
      const calm = `${tenant}-calm`;
      const calmClient = clientOf({ url: await apis[0]!.url }, calm);
      const { id: calmStore } = await calmClient.vectorStores.create({ name: 'Files' });
      for (const { id } of files) {
        const { filename } = await client.files.retrieve(id);
        const file = await toFile(Buffer.from(text(filename)), filename);
        const body = { file, purpose: 'assistants', vector_store_id: calmStore } as const;
        await calmClient.files.create(body);
      }
      await until(() => settled(calm));
      const { chunks, statistics } = await contents(calm);
      expect(stormy.chunks).toEqual(chunks);
      expect(stormy.statistics).toEqual(statistics);
    }
  }, 1_800_000);
});
