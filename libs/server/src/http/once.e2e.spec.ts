import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tenantId } from '@packhouse/core';
import { asTenant, keptAnswers } from '@packhouse/postgres';
import { toFile } from 'openai';
import { clientOf, startOn, testBeds, tokenFor, type TestBed } from '../testing/servers.js';
import type { RunningServer } from '../start.js';

describe.each(testBeds())('a request with an Idempotency-Key on $name', ({ name, make }) => {
  let bed: TestBed;
  let server: RunningServer;
  let store: string;
  let file: string;

  beforeAll(async () => {
    bed = await make();
    server = await startOn(bed);
    const client = clientOf(server, 'acme');
    store = (await client.vectorStores.create({ name: 'Base' })).id;
    file = (await client.files.create({ file: await toFile(Buffer.from('A text.'), 'a.txt'), purpose: 'assistants' }))
      .id;
  });
  afterAll(async () => {
    await server?.close();
    await bed?.drop();
    rmSync(bed.env['PACKHOUSE_DATA'] as string, { recursive: true, force: true });
  });

  async function post(path: string, body: object, key: string, tenant = 'acme') {
    const form = body instanceof FormData;
    const response = await fetch(`${server.url}/v1/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokenFor(tenant)}`,
        'idempotency-key': key,
        ...(!form && { 'content-type': 'application/json' }),
      },
      body: form ? body : JSON.stringify(body),
    });
    const { status, headers } = response;
    return {
      status,
      replayed: headers.get('idempotency-replayed'),
      headers,
      body: (await response.json()) as { id: string },
    };
  }

  const upload = (text = 'Bytes.', filename = 'b.txt', vectorStore?: string) => {
    const form = new FormData();
    form.set('file', new Blob([text]), filename);
    if (vectorStore) form.set('vector_store_id', vectorStore);
    return form;
  };
  const names = async (tenant = 'acme') => {
    const { data } = await clientOf(server, tenant).vectorStores.list({ limit: 100 });
    return data.map((each) => each.name);
  };

  const CREATES: [string, () => [path: string, body: object]][] = [
    ['a vector store', () => ['vector_stores', { name: 'Once' }]],
    ['a file', () => ['files', upload()]],
    ['a file attached at once', () => ['files', upload('More bytes.', 'c.txt', store)]],
    ['an attachment', () => [`vector_stores/${store}/files`, { file_id: file }]],
    ['a batch', () => [`vector_stores/${store}/file_batches`, { file_ids: [file] }]],
  ];

  it.each(CREATES)('makes %s once, and is answered the same', async (_, request) => {
    const key = randomUUID();
    const [path, body] = request();
    const first = await post(path, body, key);
    expect([first.status, first.replayed]).toEqual([200, null]);
    // A form is sent with another boundary each time.
    const [, again] = request();
    const second = await post(path, again, key);
    expect([second.status, second.replayed]).toEqual([200, 'true']);
    expect(second.body).toEqual(first.body);
  });

  it('has one effect, not two', async () => {
    const key = randomUUID();
    for (let n = 0; n < 3; n += 1) await post('vector_stores', { name: 'Single' }, key);
    expect((await names()).filter((each) => each === 'Single')).toHaveLength(1);
    await post('vector_stores', { name: 'Single' }, randomUUID());
    expect((await names()).filter((each) => each === 'Single')).toHaveLength(2);
  });

  it('has one effect where fifty come at once, and OpenAI’s client gets the answer in each', async () => {
    const client = clientOf(server, 'acme').withOptions({ maxRetries: 20 });
    const headers = { 'Idempotency-Key': randomUUID() };
    const made = await Promise.all(
      Array.from({ length: 50 }, () => client.vectorStores.create({ name: 'Fifty' }, { headers })),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect((await names()).filter((each) => each === 'Fifty')).toHaveLength(1);
  }, 240_000);

  it('is refused where it says something else, and changes nothing', async () => {
    const key = randomUUID();
    await post('vector_stores', { name: 'One thing' }, key);
    const { status, body } = await post('vector_stores', { name: 'Another thing' }, key);
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'key_reused', retryable: false, error: { param: 'Idempotency-Key' } });
    expect(await names()).not.toContain('Another thing');
  });

  it('compares files by what is in them, and by their names', async () => {
    const key = randomUUID();
    await post('files', upload('Same.', 's.txt'), key);
    expect((await post('files', upload('Same.', 's.txt'), key)).status).toBe(200);
    expect((await post('files', upload('Other', 's.txt'), key)).status).toBe(422);
    expect((await post('files', upload('Same.', 't.txt'), key)).status).toBe(422);
  });

  it('is another’s for another tenant, and for another route', async () => {
    const key = randomUUID();
    const mine = await post('vector_stores', { name: 'Mine' }, key);
    const theirs = await post('vector_stores', { name: 'Theirs' }, key, 'umbrella');
    expect([theirs.status, theirs.replayed]).toEqual([200, null]);
    expect(theirs.body.id).not.toBe(mine.body.id);
    expect((await post('files', upload(), key)).replayed).toBeNull();
  });

  it('is done anew where it failed, for that had no effect', async () => {
    const key = randomUUID();
    const before = await names();
    expect((await post('vector_stores', { name: 'Half', file_ids: [file, 'file-none'] }, key)).status).toBe(404);
    expect(await names()).toEqual(before);
    const second = await post('vector_stores', { name: 'Whole' }, key);
    expect([second.status, second.replayed]).toEqual([200, null]);
  });

  it.each(['', 'x'.repeat(256), 'två'])('is 400 for the key "%s"', async (key) => {
    const { status, body } = await post('vector_stores', { name: 'Never' }, Buffer.from(key).toString('latin1'));
    expect([status, body]).toMatchObject([400, { error: { param: 'Idempotency-Key' } }]);
  });

  // In PGlite's one connection the second waits for the first.
  (name === 'PGlite' ? it.skip : it)(
    'is told to come again while another attempt is at work (not on PGlite, which has one connection)',
    async () => {
      const request = { operation: 'POST /v1/vector_stores', key: randomUUID() };
      await asTenant(server.parts.db, tenantId('acme'), async (tx) => {
        await keptAnswers.claim(tx, request);
        const { status, headers, body } = await post('vector_stores', { name: 'Later' }, request.key);
        expect(status).toBe(409);
        expect(headers.get('retry-after')).toBe('1');
        expect(body).toMatchObject({ code: 'conflict', retryable: true });
      });
      expect((await post('vector_stores', { name: 'Later' }, request.key)).status).toBe(200);
    },
  );
});
