import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { tenantId, type RunningJob } from '@packhouse/core';
import { scriptedOpenAI, type ScriptedOpenAI } from '@packhouse/llm/testing';
import { asTenant } from '@packhouse/postgres';
import { toFile, type OpenAI } from 'openai';
import type { RunningServer } from './start.js';
import { clientOf, startOn, testBeds, tokenFor, type TestBed } from './testing/servers.js';

// A machine that is busy otherwise takes its time to start a server for each test.
jest.setTimeout(240_000);
const TIMEOUT_S = 20;
const question = [{ role: 'user' as const, content: 'When are refunds paid?' }];
const PIECES = Array.from({ length: 20 }, (_, n) => `Sentence ${n} of the answer. `);

describe.each(testBeds())('a server that is closed, on $name', ({ name, make }) => {
  let bed: TestBed;
  let provider: ScriptedOpenAI;
  let server: RunningServer;
  let acme: OpenAI;
  beforeAll(async () => {
    provider = await scriptedOpenAI();
    const made = await make();
    const env = { LLM: 'openai:tiny', OPENAI_BASE_URL: provider.baseUrl, DRAIN_TIMEOUT_SECONDS: String(TIMEOUT_S) };
    bed = { ...made, env: { ...made.env, ...env } };
    await start();
    const { id } = await acme.vectorStores.create({ name: 'Rules' });
    await acme.vectorStores.files.uploadAndPoll(id, await toFile(Buffer.from('Refunds take ten days.'), 'rules.txt'));
  });
  beforeEach(() => start());
  afterEach(async () => {
    await server?.close();
  });
  afterAll(async () => {
    await provider?.close();
    await bed?.drop();
  });

  async function start(env: Record<string, string> = {}) {
    await server?.close();
    server = await startOn({ ...bed, env: { ...bed.env, ...env } });
    acme = clientOf(server, 'acme');
  }

  const ask = () => acme.chat.completions.create({ model: 'fusion', messages: question, stream: true });
  /** Closes the server, and says when that was done. */
  const close = async () => {
    const begun = performance.now();
    await server.close();
    return (performance.now() - begun) / 1000;
  };

  it('first says that it is not ready, and serves on for DRAIN_DELAY_SECONDS with a word to go elsewhere', async () => {
    await start({ DRAIN_DELAY_SECONDS: '3' });
    const health = (path: string) => fetch(`${server.url}/health/${path}`);
    expect((await health('ready')).status).toBe(200);
    const closed = close();
    const ready = await health('ready');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ error: { accepting: { message: 'draining' } } });
    expect((await health('live')).status).toBe(200);
    const served = await acme.models.list().withResponse();
    expect(served.response.headers.get('connection')).toBe('close');
    expect(await closed).toBeGreaterThanOrEqual(3);
    await expect(health('live')).rejects.toThrow();
  });

  it('takes no job from then on, and still enqueues for others', async () => {
    await start({ DRAIN_DELAY_SECONDS: '3', INGESTION_CONCURRENCY: '0' });
    const { db, queue } = server.parts;
    const taken: string[] = [];
    await queue.work(async ({ id }) => void taken.push(id));
    const enqueue = (id: string) =>
      asTenant(db, tenantId('acme'), (tx) => queue.enqueue(tx, { tenant: tx.tenant, id }));
    await enqueue('before');
    while (taken.length < 1) await sleep(20);
    const closed = close();
    await enqueue('meanwhile');
    await closed;
    expect(taken).toEqual(['before']);

    await start({ INGESTION_CONCURRENCY: '0' });
    await server.parts.queue.work(async ({ id }) => void taken.push(id));
    while (taken.length < 2) await sleep(20);
    expect(taken).toEqual(['before', 'meanwhile']);
  });

  it('finishes the answers in hand', async () => {
    provider.play({ does: 'pace', pieces: PIECES, everyMs: 150 });
    const stream = await ask();
    const closed = close();
    const deltas = (await Array.fromAsync(stream)).map(({ choices }) => choices[0]?.delta.content ?? '');
    for (const piece of PIECES) expect(deltas.join('')).toContain(piece.trim());
    await closed;
  });

  it('ends a stream that outlasts its time with an error that clients throw, and a plain answer with 503', async () => {
    provider.play({ does: 'stall', pieces: ['Refunds '] });
    const asked = provider.requests.length;
    const stream = await ask();
    const plain = acme.chat.completions.create({ model: 'fusion', messages: question });
    const ends = [
      expect(Array.fromAsync(stream)).rejects.toMatchObject({ code: 'unavailable', type: 'server_error' }),
      expect(plain).rejects.toMatchObject({ status: 503, code: 'unavailable' }),
    ];
    while (provider.requests.length < asked + 2) await sleep(20);
    expect(await close()).toBeLessThan(TIMEOUT_S);
    await Promise.all(ends);
  });

  it('is not kept by connections that are idle, nor by half a request', async () => {
    const agent = new Agent({ keepAlive: true });
    const answered = request(`${server.url}/health/live`, { agent }).end();
    const [response] = await once(answered, 'response');
    response.resume();
    await once(response, 'end');
    const { port, hostname } = new URL(server.url);
    const half = connect(Number(port), hostname);
    half.on('error', () => undefined);
    half.write('POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n');
    half.write(`Authorization: Bearer ${tokenFor('acme')}\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n--b`);
    await sleep(200);
    expect(await close()).toBeLessThan(TIMEOUT_S);
    agent.destroy();
    half.destroy();
  });

  (name === 'PostgreSQL' ? it : it.skip)(
    'has the job in its hands done by another server at once (needs TEST_DATABASE_URL)',
    async () => {
      await start({ INGESTION_CONCURRENCY: '0' });
      const other = await startOn({ ...bed, env: { ...bed.env, INGESTION_CONCURRENCY: '0' } });
      const { db, queue } = server.parts;
      const [first, second] = [taker(), taker()];
      await queue.work(first.handler);
      await asTenant(db, tenantId('acme'), (tx) => queue.enqueue(tx, { tenant: tx.tenant, id: 'long' }));
      await first.took;
      await other.parts.queue.work(second.handler);
      await close();
      const closed = performance.now();
      expect(await second.took).toMatchObject({ id: 'long', attempt: 1 });
      expect(performance.now() - closed).toBeLessThan(3_000);
      await other.close();
    },
  );
});

/** A handler that never finishes, and leaves only when told to. */
function taker() {
  const taken = Promise.withResolvers<RunningJob>();
  const handler = async (job: RunningJob) => {
    taken.resolve(job);
    await once(job.signal, 'abort');
    throw job.signal.reason;
  };
  return { took: taken.promise, handler };
}
