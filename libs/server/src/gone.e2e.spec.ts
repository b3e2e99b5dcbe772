import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAdmin, type OpenPostgres } from '@packhouse/postgres';
import { scriptedOpenAI, type ScriptedOpenAI } from '@packhouse/llm/testing';
import { toFile } from 'openai';
import type { RunningServer } from './start.js';
import { clientOf, startOn, testBeds, tokenFor, type TestBed } from './testing/servers.js';

const QUESTION = [{ role: 'user', content: 'When are refunds paid?' }];
const FORM = 'multipart/form-data; boundary=x';
const form = (fields: Record<string, string>, text: string) =>
  [
    ...Object.entries(fields).map(
      ([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    ),
    `--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n${text}\r\n`,
  ].join('');

/** Waits until it holds, or fails. */
async function until(holds: () => Promise<boolean> | boolean, ms = 5_000): Promise<void> {
  for (const end = Date.now() + ms; !(await holds());) {
    if (Date.now() > end) throw new Error('It never came to hold.');
    await sleep(20);
  }
}

/** A request by hand, over a socket that is to be torn away; `unsent` bytes of its body are announced and never come. */
async function sent(
  server: RunningServer,
  path: string,
  body: string,
  type = 'application/json',
  { method = 'POST', unsent = 0 } = {},
): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    [
      `${method} /v1/${path} HTTP/1.1`,
      `host: ${hostname}`,
      `authorization: Bearer ${tokenFor('acme')}`,
      `content-type: ${type}`,
      `content-length: ${Buffer.byteLength(body) + unsent}`,
      '',
      body,
    ].join('\r\n'),
  );
  return socket;
}

/** Fills the server with one file and returns its store. */
async function filled(server: RunningServer): Promise<string> {
  const acme = clientOf(server, 'acme');
  const { id } = await acme.vectorStores.create({});
  const text = Buffer.from('Refunds are paid within ten days.');
  await acme.vectorStores.files.uploadAndPoll(id, await toFile(text, 'rules.txt'));
  return id;
}

describe.each(testBeds())('a client that goes away, on $name', ({ name, make }) => {
  let bed: TestBed;
  let server: RunningServer;
  let provider: ScriptedOpenAI;
  let store: string;
  beforeAll(async () => {
    [bed, provider] = await Promise.all([make(), scriptedOpenAI()]);
    server = await startOn({ ...bed, env: { ...bed.env, LLM: 'openai:tiny', OPENAI_BASE_URL: provider.baseUrl } });
    store = await filled(server);
  });
  afterAll(async () => {
    await server?.close();
    await provider?.close();
    await bed?.drop();
    rmSync(bed.env['PACKHOUSE_DATA'] as string, { recursive: true, force: true });
  });

  it.each([false, true])('ends the model’s work on its answer, stream: %s', async (stream) => {
    provider.play({ does: 'stall', pieces: ['Refunds '] });
    const before = provider.requests.length;
    let hungUp = false;
    void provider.hungUp().then(() => (hungUp = true));
    const socket = await sent(server, 'chat/completions', JSON.stringify({ messages: QUESTION, stream }));
    await until(() => provider.requests.length > before);
    socket.destroy();
    // Well before the model's silence would end it.
    await until(() => hungUp);
  });

  it('ends the embedding of its texts', async () => {
    const { current } = server.parts.embedders;
    const { embed } = current;
    const signals: (AbortSignal | undefined)[] = [];
    const watched: typeof embed = (texts, kind, signal) => {
      signals.push(signal);
      return embed(texts, kind, signal);
    };
    Object.assign(current, { embed: watched });
    const input = Array(33).fill('lorem ipsum dolor '.repeat(1_680));
    const socket = await sent(server, 'embeddings', JSON.stringify({ model: current.model, input }));
    await until(() => signals.length > 0);
    socket.destroy();
    await until(() => signals[0]!.aborted);
    const asked = signals.length;
    await sleep(300);
    expect(signals).toHaveLength(asked);
    expect(asked).toBeLessThan(33);
    Object.assign(current, { embed });
  });

  it('leaves nothing of an upload that it broke off', async () => {
    const body = form({ purpose: 'assistants' }, 'a'.repeat(10_000));
    const socket = await sent(server, 'files', body, FORM, { unsent: 1_000_000 });
    await until(() => readdirSync(server.parts.uploads).length > 0);
    socket.destroy();
    await until(() => readdirSync(server.parts.uploads).length === 0);
    expect((await clientOf(server, 'acme').files.list()).data.map(({ filename }) => filename)).toEqual(['rules.txt']);
  });

  // PGlite runs in this thread: its statements end before anybody is heard.
  if (name === 'PGlite') return;

  describe('ends its statement in the database', () => {
    let holder: OpenPostgres;
    let watcher: OpenPostgres;
    beforeAll(async () => {
      const url = bed.env['DATABASE_URL'] as string;
      [holder, watcher] = await Promise.all([openAdmin(url), openAdmin(url)]);
    });
    afterAll(() => Promise.all([holder?.close(), watcher?.close()]));

    /** How many statements of the application's wait for a table. */
    const waiting = async () => {
      const statements = await watcher.db.query(
        `select from pg_stat_activity
         where usename = 'packhouse_app' and datname = current_database() and wait_event_type = 'Lock'`,
      );
      return statements.length;
    };

    it.each([
      ['a search', 'chunk_terms', () => sent(server, `vector_stores/${store}/search`, '{"query":"refunds"}')],
      ['an answer', 'chunk_terms', () => sent(server, 'chat/completions', JSON.stringify({ messages: QUESTION }))],
      ['an upload', 'blob_parts', () => sent(server, 'files', `${form({}, 'text')}--x--`, FORM)],
      [
        'a deletion',
        'vector_stores',
        () => sent(server, `vector_stores/${store}`, '', 'text/plain', { method: 'DELETE' }),
      ],
    ])('of %s', async (what, table, send) => {
      await holder.db.tx(async (tx) => {
        await tx.query(`lock table packhouse.${table} in access exclusive mode`);
        const socket = await send();
        await until(async () => (await waiting()) > 0);
        const began = Date.now();
        socket.destroy();
        await until(async () => (await waiting()) === 0);
        process.stdout.write(`the statement of ${what} ended ${Date.now() - began} ms after its client\n`);
      });
      const acme = clientOf(server, 'acme');
      expect((await acme.files.list()).data.map(({ filename }) => filename)).toEqual(['rules.txt']);
      expect((await acme.vectorStores.retrieve(store)).file_counts.total).toBe(1);
    });
  });
});

describe.each(testBeds())('a request that takes too long, on $name', ({ name, make }) => {
  let bed: TestBed;
  let server: RunningServer;
  let provider: ScriptedOpenAI;
  let store: string;
  beforeAll(async () => {
    [bed, provider] = await Promise.all([make(), scriptedOpenAI()]);
    const limits = { REQUEST_TIMEOUT_SECONDS: '3', MAX_REQUESTS: '4' };
    const env = { LLM: 'openai:tiny', OPENAI_BASE_URL: provider.baseUrl, ...limits };
    server = await startOn({ ...bed, env: { ...bed.env, ...env } });
    store = await filled(server);
  });
  afterAll(async () => {
    await server?.close();
    await provider?.close();
    await bed?.drop();
    rmSync(bed.env['PACKHOUSE_DATA'] as string, { recursive: true, force: true });
  });

  const chat = (stream: boolean) =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokenFor('acme')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ messages: QUESTION, stream }),
    });

  it('is a 504, and the model is hung up on', async () => {
    provider.play({ does: 'stall', pieces: [] });
    const hungUp = provider.hungUp();
    const response = await chat(false);
    expect(response.status).toBe(504);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'timeout', retryable: true, error: { code: 'timeout' } });
    await hungUp;
  });

  it('ends a stream with an error, and no [DONE]', async () => {
    provider.play({ does: 'stall', pieces: ['Refunds '] });
    const body = await (await chat(true)).text();
    expect(body.trimEnd().split('\n\n').at(-1)).toMatch(/^data: \{"error":.*"code":"timeout"/);
    expect(body).not.toContain('[DONE]');
  });

  // Nothing of it is the database's: once is enough.
  if (name === 'PGlite') {
    it('is not a download, unless its reader takes nothing of it for as long', async () => {
      const acme = clientOf(server, 'acme');
      // More than the sockets of both sides hold.
      const file = await toFile(Buffer.alloc(12_000_000, 'a'), 'large.txt');
      const { id, bytes } = await acme.files.create({ file, purpose: 'assistants' });
      const download = () => sent(server, `files/${id}/content`, '', 'text/plain', { method: 'GET' });
      /** Takes it all, or what there is, in so many parts with a pause after each; returns how much it was, head and all. */
      const take = async (socket: Socket, parts: number) => {
        let [total, paused] = [0, 0];
        for await (const piece of socket) {
          total += (piece as Buffer).length;
          // The connection stays open.
          if (total > bytes) break;
          if (total < ((paused + 1) * bytes) / parts) continue;
          paused += 1;
          await sleep(1_000);
        }
        return total;
      };
      expect(await take(await download(), 6)).toBeGreaterThan(bytes);

      const stalled = await Promise.all([download(), download()]);
      const served = () =>
        acme.models.list().then(
          () => true,
          () => false,
        );
      await until(async () => !(await served()));
      await until(served, 12_000);
      // The other may have been there yet.
      const taken = await Promise.all(stalled.map((socket) => take(socket, 1).catch(() => 0)));
      expect(Math.min(...taken)).toBeLessThan(bytes);
      await acme.files.delete(id);
    });
    return;
  }

  it('is a 504 where the database is what takes so long', async () => {
    const holder = await openAdmin(bed.env['DATABASE_URL'] as string);
    await holder.db.tx(async (tx) => {
      await tx.query('lock table packhouse.chunk_terms in access exclusive mode');
      const search = clientOf(server, 'acme').vectorStores.search(store, { query: 'refunds' });
      await expect(search).rejects.toMatchObject({ status: 504, code: 'timeout' });
    });
    await holder.close();
  });
});
