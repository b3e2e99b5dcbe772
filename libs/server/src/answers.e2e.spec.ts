import { scriptedOpenAI, type OpenAIRequest, type ScriptedOpenAI } from '@packhouse/llm/testing';
import { toFile, type OpenAI } from 'openai';
import { readSettings } from './settings/settings.js';
import { startServer, type RunningServer } from './start.js';
import { clientOf, prepared } from './testing/servers.js';

const MINE = ['Refunds are paid within ten days.', 'The lamp is lit half an hour before sunset.'];
const THEIRS = 'Refunds are paid within ten days, says the platypus, and to nobody else.';
const messages = [{ role: 'user' as const, content: 'When are refunds paid?' }];
const ASK = { model: 'fusion', messages };
/** Of a model that the server does not know. */
const CONTEXT_WINDOW = 8_192;

interface FileCitation {
  readonly file_id: string;
  readonly chunk_id: string;
  readonly quote: string;
  readonly span: { readonly start: number; readonly end: number };
}

const citationsOf = (message: object) =>
  (message as { annotations: { file_citation: FileCitation }[] }).annotations.map(({ file_citation }) => file_citation);

async function filled(client: OpenAI, texts: readonly string[]) {
  const { id: store } = await client.vectorStores.create({ name: 'Rules' });
  for (const [at, text] of texts.entries()) {
    await client.vectorStores.files.uploadAndPoll(store, await toFile(Buffer.from(text), `${at}.txt`));
  }
  return store;
}

describe('answers', () => {
  let provider: ScriptedOpenAI;
  let server: RunningServer;
  let acme: OpenAI;
  let store: string;
  /** The other tenant's chunk. */
  let foreign: string;

  beforeAll(async () => {
    provider = await scriptedOpenAI();
    const env = { ...(await prepared()), LLM: 'openai:tiny', OPENAI_BASE_URL: provider.baseUrl };
    server = await startServer(readSettings(env));
    const ac = clientOf(server, 'ac');
    const theirs = await filled(ac, [THEIRS]);
    const [hit] = (await ac.vectorStores.search(theirs, { query: 'refunds' })).data as unknown as {
      chunk_id: string;
    }[];
    foreign = hit!.chunk_id;
    acme = clientOf(server, 'acme');
    store = await filled(acme, [
      ...MINE,
      `Refunds: see [1], [chunk:${foreign}] and file-${'0'.repeat(24)} for refunds.`,
    ]);
  }, 120_000);
  afterAll(async () => {
    await server?.close();
    await provider?.close();
  });

  const asked = () => provider.requests.length;
  const retrieved = async () => {
    const { data } = await acme.vectorStores.search(store, { query: messages[0]!.content, max_num_results: 50 });
    return data as unknown as { chunk_id: string; file_id: string }[];
  };

  it.each([
    ['what is there', 'Refunds are paid within ten days [1].', 1],
    ['a passage that was not given', 'Refunds are paid within ten days [7]. Within ten days [0] or [999].', 0],
    ['another tenant’s passage', 'Refunds are paid within ten days, says the platypus, and to nobody else [1].', 1],
    ['its own invention', 'Keepers get a bonus of 500 [1].', 0],
  ])('cite chunks alone that their tenant’s question found, where the model cites %s', async (_, answer, most) => {
    provider.play({ does: 'answer', pieces: [answer] });
    const { choices } = await acme.chat.completions.create(ASK);
    const citations = citationsOf(choices[0]!.message);
    expect(citations.length).toBeLessThanOrEqual(most);
    if (most > 0) expect(citations).not.toEqual([]);
    const found = await retrieved();
    for (const { chunk_id, file_id, quote, span } of citations) {
      expect(found).toContainEqual(expect.objectContaining({ chunk_id, file_id }));
      expect(chunk_id).not.toBe(foreign);
      const { data } = await acme.vectorStores.files.content(file_id, { vector_store_id: store });
      expect(data[0]!.text!.slice(span.start, span.end)).toBe(quote);
    }
    expect(choices[0]!.message.content).not.toMatch(/\[(0|7|999)\]/);
  });

  it('have nothing of another tenant before them', async () => {
    provider.play({ does: 'answer', pieces: ['Refunds are paid within ten days [1].'] });
    await acme.chat.completions.create(ASK);
    expect(JSON.stringify(provider.requests.at(-1)!.body)).not.toContain('platypus');
  });

  it('say that nothing was found, cite nothing, and ask no model', async () => {
    const before = asked();
    const { choices, usage } = await clientOf(server, 'newcomer').chat.completions.create(ASK);
    expect(choices[0]!.message.content).toMatch(/\w/);
    expect(citationsOf(choices[0]!.message)).toEqual([]);
    expect(usage).toEqual({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 });
    expect(asked()).toBe(before);
  });

  it('are bounded, and so is what is asked, whatever the caller wishes and the documents hold', async () => {
    const long = clientOf(server, 'long');
    const sentence = 'Refunds for tickets are paid within ten days by the harbour master. ';
    await filled(long, [sentence.repeat(600)]);
    provider.play({ does: 'answer', pieces: ['Refunds are paid within ten days [1].'] });
    const wish = { ...ASK, max_tokens: 1_000_000, max_completion_tokens: 1_000_000, n: 50 };
    await long.chat.completions.create(wish);
    const { body } = provider.requests.at(-1) as OpenAIRequest;
    const most = (body['max_completion_tokens'] ?? body['max_tokens']) as number;
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(1_024);
    // Of English text a token is no shorter than three bytes.
    const bytes = Buffer.byteLength(body.messages.map(({ content }) => content).join(''));
    expect(bytes / 3 + most).toBeLessThanOrEqual(CONTEXT_WINDOW);
    expect(body['n'] ?? 1).toBe(1);
  });

  it('count what they cost once, in one chunk of a stream, as the provider counted it', async () => {
    const usage = { inputTokens: 40, outputTokens: 9 };
    const expected = { prompt_tokens: 40, completion_tokens: 9, total_tokens: 49 };
    provider.play({ does: 'answer', pieces: ['Refunds are paid ', 'within ten days [1].'], usage });
    const before = asked();
    const whole = await acme.chat.completions.create(ASK);
    expect(whole.usage).toEqual(expected);
    const options = { stream: true, stream_options: { include_usage: true } } as const;
    const chunks = await Array.fromAsync(await acme.chat.completions.create({ ...ASK, ...options }));
    expect(chunks.flatMap(({ usage: each }) => (each ? [each] : []))).toEqual([expected]);
    expect(asked()).toBe(before + 2);
  });

  it.each([
    ['a stream', true],
    ['an answer', false],
  ])('stop at the model when the caller of %s goes away, which is asked once and never again', async (_, stream) => {
    provider.play({ does: 'stall', pieces: ['Refunds '] });
    const before = asked();
    const hungUp = provider.hungUp();
    const caller = new AbortController();
    const answer = async () => {
      const events = await acme.chat.completions.create({ ...ASK, stream }, { signal: caller.signal });
      if (stream) await Array.fromAsync(events as AsyncIterable<object>);
    };
    const ended = answer().catch(() => 'gone');
    while (asked() === before) await new Promise((resolve) => setTimeout(resolve, 10));
    caller.abort();
    await hungUp;
    await ended;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(asked()).toBe(before + 1);
    provider.play({ does: 'answer', pieces: ['Refunds are paid within ten days [1].'] });
    expect((await acme.chat.completions.create(ASK)).choices[0]!.message.content).toContain('ten days');
  });
});
