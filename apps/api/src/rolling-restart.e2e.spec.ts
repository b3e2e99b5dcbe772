import { setTimeout as sleep } from 'node:timers/promises';
import {
  balancer,
  clientOf,
  killApps,
  onPostgres,
  scriptedOpenAI,
  SERVER,
  spawnApp,
  tokenFor,
  until,
  type AppProcess,
  type Balancer,
  type ScriptedOpenAI,
  type TestBed,
} from '@packhouse/server/testing';
import { toFile, type OpenAI } from 'openai';

const PIECES = Array.from({ length: 12 }, (_, n) => `Sentence ${n} of the answer. `);
const PIECE_MS = 150;
const question = [{ role: 'user' as const, content: 'When are refunds paid?' }];

(SERVER ? describe : describe.skip)(
  'two APIs on one PostgreSQL, behind a balancer that asks for readiness (needs TEST_DATABASE_URL)',
  () => {
    let bed: TestBed;
    let provider: ScriptedOpenAI;
    let proxy: Balancer;
    beforeAll(async () => {
      bed = await onPostgres(SERVER as string);
      provider = await scriptedOpenAI();
      provider.play({ does: 'pace', pieces: PIECES, everyMs: PIECE_MS });
      proxy = await balancer();
    });
    afterEach(killApps);
    afterAll(async () => {
      await proxy?.close();
      await provider?.close();
      await bed?.drop();
    });

    const start = async () => {
      const llm = { LLM: 'openai:tiny', OPENAI_BASE_URL: provider.baseUrl };
      const app = spawnApp('api', { ...bed.env, ...llm, DRAIN_DELAY_SECONDS: '5', DRAIN_TIMEOUT_SECONDS: '60' });
      await proxy.add(await app.url);
      return app;
    };

    const restart = async (app: AppProcess) => {
      app.child.kill('SIGTERM');
      expect(await app.ended).toBe(0);
      proxy.remove(await app.url);
      return start();
    };

    it('fail no search, no stream and no upload while one after the other is restarted', async () => {
      const first = await start();
      const second = await start();
      const acme = clientOf(proxy, 'acme');
      const { id: store } = await acme.vectorStores.create({ name: 'Rules' });
      const rules = { file: await toFile(Buffer.from('Refunds take ten days.'), 'rules.txt') };
      await acme.vectorStores.files.uploadAndPoll(store, rules.file);

      const calls = { search, stream, upload };
      const done = { search: 0, stream: 0, upload: 0 };
      const failed: string[] = [];
      let over = false;
      const caller = async (kind: keyof typeof calls) => {
        for (; !over; done[kind]++) await calls[kind](acme, store).catch((error) => failed.push(`${kind}: ${error}`));
      };
      const load = Promise.all((['search', 'search', 'stream', 'stream', 'upload', 'upload'] as const).map(caller));
      await sleep(2_000);
      const third = await restart(first);
      await sleep(2_000);
      const fourth = await restart(second);
      await sleep(2_000);
      over = true;
      await load;

      expect(failed).toEqual([]);
      for (const app of [third, fourth]) expect(proxy.given.get(await app.url)).toBeGreaterThan(0);
      for (const kind of ['search', 'stream', 'upload'] as const) expect(done[kind]).toBeGreaterThan(2);
      process.stdout.write(`0 failed of ${done.search} searches, ${done.stream} streams and ${done.upload} uploads\n`);

      const counts = async () => (await acme.vectorStores.retrieve(store)).file_counts;
      await until(async () => (await counts()).in_progress === 0);
      expect(await counts()).toMatchObject({ completed: done.upload + 1, failed: 0 });
    }, 900_000);

    async function search(acme: OpenAI, store: string) {
      const { data } = await acme.vectorStores.search(store, { query: 'refunds' });
      if (!data.some(({ filename }) => filename === 'rules.txt')) throw new Error('did not find it');
    }

    async function stream(acme: OpenAI) {
      const chunks = await acme.chat.completions.create({ model: 'fusion', messages: question, stream: true });
      const all = (await Array.fromAsync(chunks)).map(({ choices }) => choices[0]?.delta.content ?? '').join('');
      for (const piece of PIECES) if (!all.includes(piece.trim())) throw new Error(`is short: ${all}`);
    }

    /** A second and a half on its way. */
    async function upload(_acme: OpenAI, store: string) {
      const field = (name: string, value: string) =>
        `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
      const slow = async function* () {
        yield field('purpose', 'assistants') + field('vector_store_id', store);
        yield '--b\r\nContent-Disposition: form-data; name="file"; filename="slow.txt"\r\nContent-Type: text/plain\r\n\r\n';
        for (let n = 0; n < 10; n++) {
          yield `Line ${n} of a file that comes slowly.\n`;
          await sleep(150);
        }
        yield '\r\n--b--\r\n';
      };
      const response = await fetch(`${proxy.url}/v1/files`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokenFor('acme')}`, 'content-type': 'multipart/form-data; boundary=b' },
        body: ReadableStream.from(encoded(slow())),
        duplex: 'half',
      } as RequestInit);
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    }
  },
);

async function* encoded(texts: AsyncIterable<string>) {
  for await (const each of texts) yield Buffer.from(each);
}
