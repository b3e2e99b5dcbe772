import { readdirSync, rmSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import jwt from 'jsonwebtoken';
import { OpenAI, toFile } from 'openai';
import { pdf } from './testing/pdf.js';
import { AUDIENCE, clientOf, SECRET, startOn, testBeds, tokenFor, type TestBed } from './testing/servers.js';
import type { RunningServer } from './start.js';

const HANDBOOK = [
  'Welcome to the handbook of the lighthouse keepers. It was written for those who are new on the rock.',
  'The lamp is lit half an hour before sunset. A keeper who is late writes the reason into the log.',
  'Refunds for boat tickets are paid within ten days. Ask the harbour master for the form.',
];

interface FileCitation {
  file_citation: {
    file_id: string;
    filename: string;
    page: number;
    quote: string;
    chunk_id: string;
    span: { start: number; end: number };
    start_index: number;
    end_index: number;
  };
}

const annotationsOf = (message: object) => (message as { annotations: FileCitation[] }).annotations;
const handbook = async () => toFile(await pdf(HANDBOOK), 'handbook.pdf');
const question = (content: string) => [{ role: 'user' as const, content }];

/** Small enough to send more of. */
const MAX_UPLOAD_BYTES = 200_000;

describe.each(testBeds())('the API on $name', ({ make }) => {
  let bed: TestBed;
  let server: RunningServer;
  let acme: OpenAI;

  beforeAll(async () => {
    bed = await make();
    server = await startOn({ ...bed, env: { ...bed.env, MAX_UPLOAD_BYTES: String(MAX_UPLOAD_BYTES) } });
    acme = clientOf(server, 'acme');
  });
  afterAll(async () => {
    await server?.close();
    await bed?.drop();
    rmSync(bed.env['PACKHOUSE_DATA'] as string, { recursive: true, force: true });
  });

  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers });

  describe("does the whole job for OpenAI's own client", () => {
    let store: OpenAI.VectorStore;
    let file: OpenAI.VectorStores.VectorStoreFile;

    beforeAll(async () => {
      store = await acme.vectorStores.create({ name: 'Handbooks', metadata: { floor: '2' } });
      file = await acme.vectorStores.files.uploadAndPoll(store.id, await handbook());
    });

    it('ingests a PDF', async () => {
      expect(file).toMatchObject({ status: 'completed', last_error: null, vector_store_id: store.id });
      expect(await acme.vectorStores.retrieve(store.id)).toMatchObject({
        name: 'Handbooks',
        metadata: { floor: '2' },
        status: 'completed',
        file_counts: { completed: 1, in_progress: 0, total: 1 },
      });
    });

    it('searches a store by the rules of its language', async () => {
      const url = `${server.url}/v1/vector_stores`;
      const post = (language: string) =>
        fetch(url, {
          method: 'POST',
          headers: { authorization: `Bearer ${tokenFor('acme')}`, 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'Hafen', language }),
        });
      const german = (await (await post('DE-ch')).json()) as { id: string; language: string };
      expect(german.language).toBe('de-CH');
      const text = new File(['Die Häuser am Hafen wurden verkauft.'], 'hafen.txt', { type: 'text/plain' });
      await acme.vectorStores.files.uploadAndPoll(german.id, text);
      expect((await acme.vectorStores.search(german.id, { query: 'Haus' })).data).toHaveLength(1);
      expect((await acme.vectorStores.search(store.id, { query: 'Häuser' })).data).toEqual([]);
      const refused = await post('no language');
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ error: { param: 'language' } });
    });

    it('finds the passage', async () => {
      const { data } = await acme.vectorStores.search(store.id, { query: 'When are refunds for boat tickets paid?' });
      expect(data[0]).toMatchObject({ file_id: file.id, filename: 'handbook.pdf', attributes: {}, page: 1 });
      expect(data[0]!.score).toBeGreaterThan(0);
      expect(data[0]!.content[0]!.text).toContain('Refunds for boat tickets are paid within ten days.');
    });

    it('answers with file, page and quote', async () => {
      const { choices, model } = await acme.chat.completions.create({
        model: 'fusion',
        messages: question('When are refunds for boat tickets paid?'),
      });
      const { content, ...message } = choices[0]!.message;
      expect(model).toBe('fusion');
      expect(content).toContain('Refunds for boat tickets are paid within ten days.');
      const [{ file_citation: citation }] = annotationsOf(message) as [FileCitation];
      expect(citation).toMatchObject({ file_id: file.id, filename: 'handbook.pdf', page: 3 });
      expect(Array.from(content!).slice(citation.start_index, citation.end_index).join('')).toContain(citation.quote);
      const { data } = await acme.vectorStores.files.content(file.id, { vector_store_id: store.id });
      expect(data[0]!.text!.slice(citation.span.start, citation.span.end)).toBe(citation.quote);
    });

    it('streams the same answer, its citations in the last chunk with content', async () => {
      const request = { model: 'fusion', messages: question('When is the lamp lit, and are refunds paid?') };
      const whole = await acme.chat.completions.create(request);
      const options = { stream: true, stream_options: { include_usage: true } } as const;
      const chunks = await Array.fromAsync(await acme.chat.completions.create({ ...request, ...options }));
      const deltas = chunks.map(({ choices }) => choices[0]?.delta ?? {});
      expect(deltas.map(({ content = '' }) => content).join('')).toBe(whole.choices[0]!.message.content);
      const last = deltas.findLast(({ content }) => content);
      expect(annotationsOf(last!)).toEqual(annotationsOf(whole.choices[0]!.message));
      expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe('stop');
      expect(chunks.at(-1)!.usage).toMatchObject({ total_tokens: 0 });
    });

    it('looks into the stores that the request names alone', async () => {
      const empty = await acme.vectorStores.create({ name: 'Empty' });
      const tools = [{ type: 'file_search', vector_store_ids: [empty.id] }];
      const { choices } = await acme.chat.completions.create({
        model: 'fusion',
        messages: question('When are refunds paid?'),
        tools,
      } as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming);
      expect(annotationsOf(choices[0]!.message)).toEqual([]);
    });

    it('ingests batches', async () => {
      const second = await acme.vectorStores.create({ name: 'Batches' });
      const texts = ['The red door is the entrance.', 'The blue door is the exit.'];
      const files = await Promise.all(texts.map((text, index) => toFile(Buffer.from(text), `${index}.txt`)));
      const batch = await acme.vectorStores.fileBatches.uploadAndPoll(second.id, { files });
      expect(batch).toMatchObject({ status: 'completed', file_counts: { completed: 2, total: 2 } });
      const listed = await acme.vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: second.id });
      expect(listed.data).toHaveLength(2);
    });

    it('lists packs as models', async () => {
      const ids = (await acme.models.list()).data.map(({ id }) => id);
      expect(ids).toEqual(['fusion', 'hybrid', 'lexical', 'dense', 'hashed-v1-384']);
      expect(await acme.models.retrieve('fusion')).toMatchObject({ id: 'fusion', object: 'model' });
      await expect(acme.models.retrieve('gpt-0')).rejects.toMatchObject({ status: 404 });
    });

    it('gives back the bytes, and deletes them with their chunks', async () => {
      const uploaded = await acme.vectorStores.files.uploadAndPoll(
        store.id,
        await toFile(Buffer.from('Short-lived platypus.'), 'p.txt'),
      );
      expect(await (await acme.files.content(uploaded.id)).text()).toBe('Short-lived platypus.');
      expect((await acme.files.list()).data.map(({ id }) => id)).toContain(uploaded.id);
      expect((await acme.vectorStores.search(store.id, { query: 'platypus' })).data).toHaveLength(1);
      await acme.files.delete(uploaded.id);
      expect((await acme.vectorStores.search(store.id, { query: 'platypus' })).data).toHaveLength(0);
      await expect(acme.files.retrieve(uploaded.id)).rejects.toMatchObject({ status: 404 });
    });

    it('detaches a file from a store and keeps the file', async () => {
      const uploaded = await acme.vectorStores.files.uploadAndPoll(
        store.id,
        await toFile(Buffer.from('A detached wombat.'), 'w.txt'),
      );
      await acme.vectorStores.files.delete(uploaded.id, { vector_store_id: store.id });
      expect((await acme.vectorStores.search(store.id, { query: 'wombat' })).data).toHaveLength(0);
      expect((await acme.files.retrieve(uploaded.id)).filename).toBe('w.txt');
    });

    it('pages through lists', async () => {
      const seen: string[] = [];
      for await (const { id } of acme.vectorStores.list({ limit: 1 })) seen.push(id);
      expect(seen.length).toBeGreaterThan(2);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(seen.toSorted().reverse());
    });
  });

  describe('takes a file and attaches it in one request', () => {
    const upload = (fields: Record<string, string>, file: [string, string | Buffer] | undefined, headers = {}) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      if (file) body.set('file', new Blob([new Uint8Array(Buffer.from(file[1] as string))]), file[0]);
      return fetch(`${server.url}/v1/files`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokenFor('acme')}`, ...headers },
        body,
      });
    };
    let store: string;
    beforeAll(async () => {
      store = (await acme.vectorStores.create({ name: 'One request' })).id;
    });

    it('and answers when it is searchable, if asked to wait', async () => {
      const fields = { purpose: 'assistants', vector_store_id: store };
      const response = await upload(fields, ['n.md', '# Notes\n\nThe kettle is on the left.'], { prefer: 'wait=60' });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        object: 'file',
        filename: 'n.md',
        status: 'processed',
        last_error: null,
      });
    });

    it.each([
      ['empty', 'nothing.txt', ''],
      ['corrupt', 'broken.pdf', '%PDF-1.7\nnot much more'],
      ['unsupported', 'picture.png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ])('and says %s of %s', async (code, name, bytes) => {
      const response = await upload({ vector_store_id: store }, [name, Buffer.from(bytes, 'latin1')], {
        prefer: 'wait=60',
      });
      expect(await response.json()).toMatchObject({
        status: 'error',
        last_error: { code, message: expect.any(String) },
      });
    });

    it('and says encrypted of a PDF with a password', async () => {
      const bytes = await pdf(['secret'], { userPassword: 'sesame' });
      const response = await upload({ vector_store_id: store }, ['locked.pdf', bytes], { prefer: 'wait=60' });
      expect(await response.json()).toMatchObject({ last_error: { code: 'encrypted' } });
    });

    it('and stops reading one that is deleted meanwhile', async () => {
      // Half a minute of work without a word, on one reader or two: the next file would have to wait for it.
      const body = deflateSync('q Q '.repeat(20_000_000)).toString('latin1');
      const endless = `%PDF-1.7
        1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj
        4 0 obj<</Length ${body.length}/Filter/FlateDecode>>stream\n${body}\nendstream endobj trailer<</Root 1 0 R>>`;
      const readers = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
      const response = await upload({ vector_store_id: store }, ['endless.pdf', Buffer.from(endless, 'latin1')]);
      const { id } = (await response.json()) as { id: string };
      while (readers() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await acme.files.delete(id);
      const deleted = Date.now();
      while (readers() > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(Date.now() - deleted).toBeLessThan(15_000);
    });

    it.each([
      ['a Word document that is a PDF', 'a.docx', '%PDF-1.7\n', 'unsupported'],
      ['a table that ends within quotes', 'a.csv', 'a,b\n"1,2', 'corrupt'],
      ['values nested too deep', 'a.json', '['.repeat(1000), 'too_large'],
    ])('and says of %s what it is', async (_, name, bytes, code) => {
      const response = await upload({ vector_store_id: store }, [name, bytes], { prefer: 'wait=60' });
      expect(await response.json()).toMatchObject({ status: 'error', last_error: { code } });
    });

    it('and keeps it by an id of its own, whatever path its name is', async () => {
      const name = '../../../../tmp/../etc/evil.txt';
      const response = await upload({ purpose: 'assistants' }, [name, 'words']);
      const { id, filename } = (await response.json()) as { id: string; filename: string };
      expect(id).toMatch(/^file-[\w-]+$/);
      expect(filename.split('/').at(-1)).toBe('evil.txt');
      expect(readdirSync(server.parts.uploads)).toEqual([]);
    });

    it('and refuses one that is too large, storing nothing', async () => {
      const files = async () => (await acme.files.list({ limit: 100 })).data.length;
      const before = await files();
      const response = await upload({}, ['big.txt', Buffer.alloc(MAX_UPLOAD_BYTES + 1, 'a')]);
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'too_large' });
      expect(await files()).toBe(before);
    });

    it('and reads one as large as that, and none that is larger', async () => {
      const read = (bytes: number) => server.parts.reader.read({ filename: 'a.txt', bytes: Buffer.alloc(bytes, 'a') });
      expect((await read(MAX_UPLOAD_BYTES)).text).toHaveLength(MAX_UPLOAD_BYTES);
      await expect(read(MAX_UPLOAD_BYTES + 1)).rejects.toMatchObject({ code: 'too_large' });
    });

    it('and refuses what has the wrong shape, storing nothing', async () => {
      const before = (await acme.files.list({ limit: 100 })).data.length;
      expect((await upload({ purpose: 'assistants' }, undefined)).status).toBe(400);
      expect((await upload({ purpose: 'world domination' }, ['a.txt', 'a'])).status).toBe(400);
      expect((await upload({ vector_store_id: 'vs_none' }, ['a.txt', 'a'])).status).toBe(404);
      expect((await acme.files.list({ limit: 100 })).data).toHaveLength(before);
    });
  });

  describe('keeps tenants apart', () => {
    const foreign = { status: 404 };
    let mallory: OpenAI;
    let store: string;
    let file: string;
    beforeAll(async () => {
      mallory = clientOf(server, 'mallory', 'admin');
      store = (await acme.vectorStores.create({ name: 'Private' })).id;
      file = (await acme.vectorStores.files.uploadAndPoll(store, await handbook())).id;
    });

    it('lists nothing of another tenant', async () => {
      expect((await mallory.files.list()).data).toEqual([]);
      expect((await mallory.vectorStores.list()).data).toEqual([]);
    });

    it('knows no id of another tenant', async () => {
      const own = (await mallory.vectorStores.create({ name: 'Own' })).id;
      const { batches, files, stores } = {
        stores: mallory.vectorStores,
        files: mallory.vectorStores.files,
        batches: mallory.vectorStores.fileBatches,
      };
      for (const attempt of [
        () => mallory.files.retrieve(file),
        () => mallory.files.content(file),
        () => mallory.files.delete(file),
        () => stores.retrieve(store),
        () => stores.search(store, { query: 'lamp' }),
        () => stores.create({ file_ids: [file] }),
        () => files.list(store),
        () => files.retrieve(file, { vector_store_id: store }),
        () => files.create(own, { file_id: file }),
        () => files.create(store, { file_id: file }),
        () => files.content(file, { vector_store_id: store }),
        () => files.delete(file, { vector_store_id: store }),
        () => batches.create(store, { file_ids: [file] }),
        () => batches.create(own, { file_ids: [file] }),
        () =>
          mallory.chat.completions.create({
            model: 'fusion',
            messages: question('When is the lamp lit?'),
            tools: [{ type: 'file_search', vector_store_ids: [store] }],
          } as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming),
      ]) {
        await expect(attempt()).rejects.toMatchObject(foreign);
      }
      expect((await acme.files.retrieve(file)).id).toBe(file);
    });

    it('answers from nothing of another tenant', async () => {
      const { choices } = await mallory.chat.completions.create({
        model: 'fusion',
        messages: question('When is the lamp lit?'),
      });
      expect(annotationsOf(choices[0]!.message)).toEqual([]);
      expect(choices[0]!.message.content).not.toContain('sunset');
    });
  });

  describe('answers callers it does not serve with a problem document', () => {
    it.each(['/v1/files', '/v1/vector_stores', '/v1/models'])('401 for %s without a token', async (path) => {
      const response = await get(path);
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await response.json()).toMatchObject({
        status: 401,
        code: 'unauthenticated',
        error: { message: expect.any(String) },
      });
    });

    const now = Math.floor(Date.now() / 1000);
    const good = { tenant: 'acme', role: 'writer', aud: AUDIENCE, exp: now + 600 };
    // Through JSON, which leaves out what is undefined.
    const sign = (claims: object, secret = SECRET) => jwt.sign(JSON.stringify(claims), secret);
    const unsigned = (claims: object) =>
      [{ alg: 'none', typ: 'JWT' }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');

    it.each([
      ['an expired one', sign({ ...good, exp: now - 1 })],
      ['a forged one', sign(good, 'the secret of somebody else, 32 bytes')],
      ['an unsigned one', `${unsigned(good)}.`],
      ['one for another audience', sign({ ...good, aud: 'billing' })],
      ['one for no audience', sign({ ...good, aud: undefined })],
      ['one without an expiry', sign({ ...good, exp: undefined })],
      ['one without a tenant', sign({ ...good, tenant: undefined })],
      ['one of a tenant with an impossible name', sign({ ...good, tenant: "a' or 1=1 --" })],
    ])('401 for a token: %s', async (_, token) => {
      const response = await get('/v1/files', { authorization: `Bearer ${token}` });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('invalid_token');
    });

    it('200 for a good token, to show that it is not the test', async () => {
      expect((await get('/v1/files', { authorization: `Bearer ${sign(good)}` })).status).toBe(200);
    });

    it("403 for a reader's writes, which leaves reading to them", async () => {
      const reader = clientOf(server, 'acme', 'reader');
      await expect(reader.vectorStores.create({})).rejects.toMatchObject({ status: 403 });
      await expect(reader.files.create({ file: await handbook(), purpose: 'assistants' })).rejects.toMatchObject({
        status: 403,
      });
      expect((await reader.vectorStores.list()).data.length).toBeGreaterThan(0);
    });

    it('400 that names the field', async () => {
      const refused = acme.chat.completions.create({ model: 'fusion', messages: [] });
      await expect(refused).rejects.toMatchObject({ status: 400, param: 'messages', code: 'invalid_request' });
    });

    it('400 for text that cannot be stored, wherever it stands', async () => {
      const authorization = { authorization: `Bearer ${tokenFor('acme')}` };
      expect((await get('/v1/files/%00', authorization)).status).toBe(400);
      expect((await get('/v1/files?after=%00', authorization)).status).toBe(400);
      await expect(acme.vectorStores.create({ name: 'a\u0000b' })).rejects.toMatchObject({ status: 400 });
      await expect(acme.vectorStores.create({ metadata: { k: '\ud800' } })).rejects.toMatchObject({ status: 400 });
    });

    it('goes on serving others while somebody asks in one endless word', async () => {
      const asked = acme.chat.completions.create({ model: 'fusion', messages: question('a'.repeat(9_000)) });
      const began = Date.now();
      expect((await get('/health/live')).status).toBe(200);
      await asked;
      expect(Date.now() - began).toBeLessThan(2_000);
      const endless = acme.chat.completions.create({ model: 'fusion', messages: question('a'.repeat(100_000)) });
      await expect(endless).rejects.toMatchObject({ status: 400 });
    });

    it('404 for a model or a route that is not there', async () => {
      await expect(acme.chat.completions.create({ model: 'gpt-0', messages: question('?') })).rejects.toMatchObject({
        status: 404,
      });
      expect((await get('/%')).headers.get('content-type')).toContain('application/problem+json');
      expect((await get('/v1/nothing', { authorization: `Bearer ${tokenFor('acme')}` })).status).toBe(404);
    });
  });

  it.each(['live', 'ready', 'startup'])('is healthy at /health/%s, without a token', async (probe) => {
    expect((await get(`/health/${probe}`)).status).toBe(200);
  });
});
