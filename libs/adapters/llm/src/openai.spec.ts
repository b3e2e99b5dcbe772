import type { ChatMessage } from '@packhouse/core';
import { describeChatModel } from '@packhouse/core/testing';
import { openai } from './openai.js';
import { scriptedOpenAI, type ScriptedOpenAI } from './testing/scripted-openai.js';

const apiKey = 'sk-test-key';

describeChatModel('openai', async (timeoutMs) => {
  const provider = await scriptedOpenAI();
  return { provider, model: openai({ apiKey, model: 'any', baseUrl: provider.baseUrl, timeoutMs }) };
});

describe('openai', () => {
  let server: ScriptedOpenAI;
  beforeEach(async () => {
    server = await scriptedOpenAI();
    server.play({ does: 'answer', pieces: ['Ten days.'] });
  });
  afterEach(() => server.close());

  const chat = () => openai({ apiKey, model: 'any', baseUrl: server.baseUrl });
  const user = (content: ChatMessage['content']): ChatMessage[] => [{ role: 'user', content }];

  it('sends the model, the key, the messages and the bounds, and nothing else', async () => {
    const messages = [{ role: 'system', content: 'Be brief.' } as const, ...user('How long?')];
    await chat().complete(messages, { maxTokens: 50, temperature: 0 });
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(server.requests[0]?.body).toEqual({ model: 'any', messages, temperature: 0, max_tokens: 50 });
  });

  it('bounds the answer in the words that OpenAI itself takes', async () => {
    const sent: Record<string, unknown>[] = [];
    const fetch: typeof globalThis.fetch = async (_, init) => {
      sent.push(JSON.parse(String(init?.body)));
      return new Response('', { status: 500 });
    };
    await openai({ apiKey, fetch })
      .complete(user('How long?'), { maxTokens: 50 })
      .catch(() => undefined);
    expect(sent).toEqual([{ model: 'gpt-5.4-mini', messages: user('How long?'), max_completion_tokens: 50 }]);
  });

  it('quotes passages as data that their text cannot end', async () => {
    const passage = {
      type: 'passage',
      chunkId: 'c1',
      source: 'a "b"\n<c>.pdf',
      text: 'x < 3 </passage> < / PASSAGE>',
    } as const;
    await chat().complete(user([{ type: 'text', text: 'How long?' }, passage]));
    expect(server.requests[0]?.body.messages[0]?.content).toBe(
      'How long?\n\n<passage id="c1" source="a &quot;b&quot; &lt;c&gt;.pdf">\nx < 3 &lt;/passage> &lt; / PASSAGE>\n</passage>',
    );
  });

  it('takes no passages into a system message', async () => {
    const passage = { type: 'passage', chunkId: 'c1', source: 's', text: 't' } as const;
    const asked = chat().complete([{ role: 'system', content: [passage] }]);
    await expect(asked).rejects.toMatchObject({ code: 'invalid_request' });
    expect(server.requests).toEqual([]);
  });

  it('asks a model that has a temperature of its own again without one, and remembers', async () => {
    const refusal = {
      error: { message: 'Unsupported value.', type: 'x', param: 'temperature', code: 'unsupported_value' },
    };
    server.play(({ body }) =>
      body.temperature === undefined
        ? { does: 'answer', pieces: ['Ten'] }
        : { does: 'send', status: 400, contentType: 'application/json', body: JSON.stringify(refusal) },
    );
    const model = chat();
    expect(await model.complete(user('How long?'), { temperature: 0 })).toMatchObject({ text: 'Ten' });
    expect(await model.complete(user('How long?'), { temperature: 0 })).toMatchObject({ text: 'Ten' });
    expect(server.requests.map(({ body }) => body.temperature)).toEqual([0, undefined, undefined]);
  });

  it('never asks again by itself', async () => {
    server.play({ does: 'refuse', status: 503, message: 'Busy.' });
    await expect(chat().complete(user('How long?'))).rejects.toMatchObject({ code: 'provider_failed' });
    expect(server.requests).toHaveLength(1);
  });

  it('says what to check where the key is refused, and does not repeat the key', async () => {
    server.play({ does: 'refuse', status: 401, message: `Incorrect API key provided: ${apiKey}.` });
    const error = await chat()
      .complete(user('How long?'))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining('OPENAI_API_KEY') });
    expect((error as Error).message).not.toContain(apiKey);
  });

  it('refuses a URL with a password, and does not repeat it', () => {
    const open = () => openai({ apiKey, baseUrl: 'https://user:hunter2@models.example/v1' });
    expect(open).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'baseUrl' }));
    expect(open).not.toThrow(/hunter2/);
  });

  it('hands on what the provider says against a request', async () => {
    server.play({ does: 'refuse', status: 400, message: 'The context is too long.' });
    const refused = { code: 'provider_refused', message: expect.stringContaining('The context is too long.') };
    await expect(chat().complete(user('How long?'))).rejects.toMatchObject(refused);
  });

  it('does not call a used up quota a passing failure', async () => {
    const body = JSON.stringify({
      error: { message: 'Quota.', code: 'insufficient_quota', type: 'insufficient_quota' },
    });
    server.play({ does: 'send', status: 429, contentType: 'application/json', body });
    await expect(chat().complete(user('How long?'))).rejects.toMatchObject({
      code: 'provider_refused',
      retryable: false,
    });
  });

  it('knows a web page from an answer', async () => {
    server.play({ does: 'send', contentType: 'text/html', body: '<h1>Welcome</h1>' });
    const failure = { code: 'provider_failed', message: expect.stringContaining('OPENAI_BASE_URL') };
    await expect(chat().complete(user('How long?'))).rejects.toMatchObject(failure);
  });

  it.each(['data: {"error":{"message":"Out of memory."}}\n\n', 'data: {"choices":[{"del\n\n'])(
    'fails on a stream that goes wrong: %j',
    async (body) => {
      server.play({ does: 'send', contentType: 'text/event-stream', body });
      const next = chat().stream(user('How long?'))[Symbol.asyncIterator]().next();
      await expect(next).rejects.toMatchObject({ code: 'provider_failed', retryable: true });
    },
  );

  it('fails where nobody listens', async () => {
    const { baseUrl } = server;
    await server.close();
    const asked = openai({ apiKey, baseUrl }).complete(user('How long?'));
    await expect(asked).rejects.toMatchObject({ code: 'provider_failed', retryable: true, cause: expect.any(Error) });
    server = await scriptedOpenAI();
  });

  it('knows the windows of OpenAI, and is careful with others', () => {
    const windowOf = (model: string) => openai({ apiKey, model }).contextWindow;
    expect(windowOf('gpt-5.4-mini')).toBe(400_000);
    expect(windowOf('gpt-4.1-nano')).toBe(1_047_576);
    expect(windowOf('llama3.2')).toBe(8192);
    expect(openai({ apiKey, model: 'llama3.2', contextWindow: 131_072 }).contextWindow).toBe(131_072);
  });
});
