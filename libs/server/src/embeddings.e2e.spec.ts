import type { OpenAI } from 'openai';
import type { RunningServer } from './start.js';
import { readSettings } from './settings/settings.js';
import { startServer } from './start.js';
import { clientOf, prepared, tokenFor } from './testing/servers.js';

const MODEL = 'hashed-v1-384';
const TEXTS = ['The lamp is lit before sunset.', 'Refunds are paid within ten days.'];

describe('/v1/embeddings', () => {
  let server: RunningServer;
  let acme: OpenAI;
  beforeAll(async () => {
    server = await startServer(readSettings(await prepared()));
    acme = clientOf(server, 'acme', 'reader');
  });
  afterAll(() => server?.close());

  const post = async (body: object) => {
    const response = await fetch(`${server.url}/v1/embeddings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokenFor('acme')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: MODEL, ...body }),
    });
    return { ...((await response.json()) as object), status: response.status };
  };
  const vectorsOf = async (body: Partial<OpenAI.EmbeddingCreateParams>) =>
    (await acme.embeddings.create({ model: MODEL, input: TEXTS, ...body })).data.map(({ embedding }) => embedding);

  it('gives OpenAI’s client the embedder’s own vectors, in either encoding', async () => {
    const own = await server.parts.embedders.current.embed(TEXTS, 'document');
    const expected = own.map((vector) => [...vector]);
    expect(await vectorsOf({})).toEqual(expected);
    expect(await vectorsOf({ encoding_format: 'float' })).toEqual(expected);
    const encoded = (await vectorsOf({ encoding_format: 'base64' })) as unknown as string[];
    expect(encoded.map((text) => [...new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer)])).toEqual(
      expected,
    );
    expect(await vectorsOf({ input: TEXTS[1]!, dimensions: 384 })).toEqual([expected[1]]);
  });

  it('answers in OpenAI’s shape', async () => {
    expect(await post({ input: TEXTS })).toMatchObject({
      object: 'list',
      model: MODEL,
      data: [
        { object: 'embedding', index: 0 },
        { object: 'embedding', index: 1 },
      ],
      usage: { prompt_tokens: 15, total_tokens: 15 },
    });
  });

  it('keeps the order of many texts, over many batches', async () => {
    const input = Array.from({ length: 300 }, (_, n) => `Text number ${n}.`);
    const vectors = await vectorsOf({ input });
    expect(vectors).toHaveLength(300);
    expect(vectors[299]).toEqual((await vectorsOf({ input: input[299]! }))[0]);
  });

  it('is a model of the list', async () => {
    expect((await acme.models.list()).data.map(({ id }) => id)).toContain(MODEL);
    expect(await acme.models.retrieve(MODEL)).toMatchObject({ id: MODEL });
    await expect(
      acme.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content: '?' }] }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ['tokens', { input: [1, 2, 3] }, 'input', 'lists of tokens'],
    ['lists of tokens', { input: [[1, 2], [3]] }, 'input', 'lists of tokens'],
    ['an empty text', { input: '' }, 'input', '>=1 characters'],
    ['one among others', { input: ['a', ''] }, 'input.1', '>=1 characters'],
    ['no texts', { input: [] }, 'input', '>=1 items'],
    ['too many', { input: Array(2_049).fill('a') }, 'input', '2048'],
    ['a text that is too long', { input: 'a'.repeat(32_769) }, 'input', '32768'],
    ['too much in all', { input: Array(40).fill('a'.repeat(30_000)) }, 'input', '1000000'],
    ['no input', {}, 'input', 'text'],
    ['other dimensions', { input: 'a', dimensions: 256 }, 'dimensions', '384'],
    ['another encoding', { input: 'a', encoding_format: 'int8' }, 'encoding_format', ''],
  ])('refuses %s', async (_, body, param, message) => {
    expect(await post(body)).toMatchObject({
      status: 400,
      error: { param, message: expect.stringContaining(message) },
    });
  });

  it('knows no other model', async () => {
    expect(await post({ model: 'text-embedding-3-small', input: 'a' })).toMatchObject({
      status: 404,
      error: { param: 'model', message: expect.stringContaining(MODEL) },
    });
  });

  it('serves others while it embeds all it takes', async () => {
    let done = false;
    const embedding = post({ input: Array(33).fill('lorem ipsum dolor '.repeat(1_680)) }).finally(() => (done = true));
    // The first of these may come before the texts do.
    for (let n = 0; n < 3; n += 1) await fetch(`${server.url}/health/live`);
    expect(done).toBe(false);
    expect(await embedding).toMatchObject({ status: 200 });
  });
});
