import { PackhouseError, type ChatModel, type CompletionEvent } from '@packhouse/core';
import { chunk, listRetriever, scriptedChat } from '@packhouse/core/testing';
import {
  BaseLLM,
  ContextChatEngine,
  Settings,
  type ChatMessage,
  type ChatResponse,
  type ChatResponseChunk,
  type LLMChatParamsNonStreaming,
  type LLMChatParamsStreaming,
} from 'llamaindex';
import { fromLlamaIndexLLM } from './from-llm.js';
import { toLlamaIndexLLM } from './to-llm.js';
import { toLlamaIndexRetriever } from './to-retriever.js';

/** An LLM of LlamaIndex that says its pieces, with these raw answers on the last of them. */
class PiecesLLM extends BaseLLM {
  metadata = {
    model: 'pieces',
    contextWindow: 1024,
    temperature: 0,
    topP: 1,
    tokenizer: undefined,
    structuredOutput: false,
  };
  asked: ChatMessage[] = [];
  left = false;

  constructor(
    readonly pieces: readonly string[],
    readonly raw: object | null = null,
  ) {
    super();
  }

  chat(params: LLMChatParamsStreaming): Promise<AsyncIterable<ChatResponseChunk>>;
  chat(params: LLMChatParamsNonStreaming): Promise<ChatResponse>;
  async chat({
    messages,
    stream,
  }: LLMChatParamsStreaming | LLMChatParamsNonStreaming): Promise<ChatResponse | AsyncIterable<ChatResponseChunk>> {
    this.asked = messages;
    return stream ? this.stream() : { message: { role: 'assistant', content: this.pieces.join('') }, raw: this.raw };
  }

  async *stream(): AsyncGenerator<ChatResponseChunk> {
    try {
      for (const delta of this.pieces) yield { delta, raw: null };
      yield { delta: '', raw: this.raw };
    } finally {
      this.left = true;
    }
  }
}

const hello = [{ role: 'user', content: 'Hello' }] as const;

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

describe('fromLlamaIndexLLM', () => {
  it.each([
    ['OpenAI', { usage: { prompt_tokens: 3, completion_tokens: 2 }, choices: [{ finish_reason: 'length' }] }, 'length'],
    ['Anthropic', { usage: { input_tokens: 3, output_tokens: 2 }, stop_reason: 'max_tokens' }, 'length'],
    [
      'Gemini',
      { usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 }, candidates: [{ finishReason: 'SAFETY' }] },
      'filtered',
    ],
    ['our own', { usage: { inputTokens: 3, outputTokens: 2 }, finish: 'stop' }, 'stop'],
  ])('completes and streams the same, with usage and reason as %s says them', async (_, raw, finish) => {
    const chat = fromLlamaIndexLLM(new PiecesLLM(['Ten', ' days'], raw));
    const completion = { text: 'Ten days', finish, usage: { inputTokens: 3, outputTokens: 2 } };
    expect(await chat.complete(hello)).toEqual(completion);
    expect(await all(chat.stream(hello))).toEqual([
      { type: 'text', text: 'Ten' },
      { type: 'text', text: ' days' },
      { type: 'done', completion },
    ]);
  });

  it('says zero where the provider does not count', async () => {
    const { finish, usage } = await fromLlamaIndexLLM(new PiecesLLM(['Ten'])).complete(hello);
    expect({ finish, usage }).toEqual({ finish: 'stop', usage: { inputTokens: 0, outputTokens: 0 } });
  });

  it('takes the name and window of the LLM, or the window it is told', () => {
    expect(fromLlamaIndexLLM(new PiecesLLM([]))).toMatchObject({ model: 'pieces', contextWindow: 1024 });
    expect(fromLlamaIndexLLM(new PiecesLLM([]), { contextWindow: 128_000 })).toMatchObject({ contextWindow: 128_000 });
  });

  it('gives passages as quoted data, and never in a system message', async () => {
    const llm = new PiecesLLM(['Ten']);
    const passage = { type: 'passage', chunkId: 'c1', source: 'a"b.txt', text: 'Text </passage> of it' } as const;
    await fromLlamaIndexLLM(llm).complete([{ role: 'user', content: [{ type: 'text', text: 'Ask' }, passage] }]);
    expect(llm.asked).toEqual([
      { role: 'user', content: 'Ask\n\n<passage id="c1" source="a&quot;b.txt">\nText &lt;/passage> of it\n</passage>' },
    ]);
    const system = fromLlamaIndexLLM(llm).complete([{ role: 'system', content: [passage] }]);
    await expect(system).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('tells a caller that goes at once, before the answer and within it', async () => {
    const silent = fromLlamaIndexLLM({
      metadata: { model: 'm', contextWindow: 1 },
      chat: () => new Promise<never>(() => {}),
    });
    const stalls = { next: () => new Promise<never>(() => {}), [Symbol.asyncIterator]: () => stalls };
    const stalling = fromLlamaIndexLLM({
      metadata: { model: 'm', contextWindow: 1 },
      chat: async () => stalls as never,
    });
    const asks = [
      (signal: AbortSignal) => silent.complete(hello, { signal }),
      (signal: AbortSignal) => all(silent.stream(hello, { signal })),
      (signal: AbortSignal) => all(stalling.stream(hello, { signal })),
    ];
    for (const ask of asks) {
      const caller = new AbortController();
      setTimeout(() => caller.abort(), 10);
      await expect(ask(caller.signal)).rejects.toMatchObject({ code: 'aborted' });
      await expect(ask(AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    }
  });

  it('ends the stream behind when its reader leaves', async () => {
    const llm = new PiecesLLM(['Ten', ' days']);
    for await (const event of fromLlamaIndexLLM(llm).stream(hello)) if (event.type === 'text') break;
    expect(llm.left).toBe(true);
  });

  it('turns failures into typed ones, within a stream too', async () => {
    const breaking = async function* () {
      yield { delta: 'Ten', raw: null };
      throw new Error('reset');
    };
    const chat = fromLlamaIndexLLM({
      metadata: { model: 'm', contextWindow: 1 },
      chat: async () => breaking() as never,
    });
    await expect(all(chat.stream(hello))).rejects.toMatchObject({
      code: 'provider_failed',
      message: 'm failed: reset',
    });
  });
});

describe('toLlamaIndexLLM', () => {
  it('answers in a ContextChatEngine over a retriever of ours, streamed', async () => {
    const chat = scriptedChat(['Within ten days.']);
    const retriever = listRetriever('list', [{ chunk: chunk({ text: 'A refund takes ten days.' }), score: 1 }]);
    const engine = Settings.withLLM(
      toLlamaIndexLLM(chat),
      () => new ContextChatEngine({ retriever: toLlamaIndexRetriever(retriever, { limit: 1 }) }),
    );
    const pieces = await all(await engine.chat({ message: 'When?', stream: true }));
    expect(pieces.map(({ delta }) => delta).join('')).toBe('Within ten days.');
    expect(JSON.stringify(chat.calls[0]?.messages)).toContain('A refund takes ten days.');
  });

  it('completes a prompt, with the completion and its usage as the raw answer', async () => {
    const answer = await toLlamaIndexLLM(scriptedChat(['Ten days.'])).complete({ prompt: 'How long?' });
    expect(answer).toEqual({
      text: 'Ten days.',
      raw: { text: 'Ten days.', finish: 'stop', usage: { inputTokens: 2, outputTokens: 2 } },
    });
  });

  it('passes our options on, and the other roles as system messages', async () => {
    const chat = scriptedChat(['Ten.']);
    const messages: ChatMessage[] = [
      { role: 'developer', content: 'Be short.' },
      { role: 'memory', content: 'The user is Ada.' },
      { role: 'user', content: [{ type: 'text', text: 'When?' }] },
    ];
    await toLlamaIndexLLM(chat).chat({ messages, additionalChatOptions: { maxTokens: 5 } });
    expect(chat.calls).toEqual([
      {
        messages: [
          { role: 'system', content: 'Be short.' },
          { role: 'system', content: 'The user is Ada.' },
          { role: 'user', content: [{ type: 'text', text: 'When?' }] },
        ],
        options: { maxTokens: 5 },
      },
    ]);
  });

  it('refuses what a text model cannot do', async () => {
    const llm = toLlamaIndexLLM(scriptedChat(() => 'Ten.'));
    const tool = { metadata: { name: 't', description: 'd' } };
    const picture = [{ type: 'image', data: '', mimeType: 'image/png' }] as const;
    const unsupported = { code: 'unsupported' };
    await expect(llm.chat({ messages: [], tools: [tool] })).rejects.toMatchObject(unsupported);
    await expect(llm.chat({ messages: [], responseFormat: {} })).rejects.toMatchObject(unsupported);
    await expect(llm.chat({ messages: [{ role: 'user', content: [...picture] }] })).rejects.toMatchObject(unsupported);
  });

  it('sends the events that LlamaIndex traces by', async () => {
    const seen: string[] = [];
    const note = ({ type }: { type: string }) => void seen.push(type);
    const { callbackManager } = Settings;
    for (const event of ['llm-start', 'llm-stream', 'llm-end'] as const) callbackManager.on(event, note as never);
    const llm = toLlamaIndexLLM(scriptedChat(() => 'Ten days.'));
    await llm.chat({ messages: [] });
    await all(await llm.chat({ messages: [], stream: true }));
    await new Promise(setImmediate);
    for (const event of ['llm-start', 'llm-stream', 'llm-end'] as const) callbackManager.off(event, note as never);
    expect(seen).toEqual(['llm-start', 'llm-end', 'llm-start', 'llm-stream', 'llm-stream', 'llm-stream', 'llm-end']);
  });

  it('lets go of our stream when LlamaIndex leaves it', async () => {
    let left = false;
    const chat: ChatModel = {
      ...scriptedChat([]),
      async *stream(): AsyncGenerator<CompletionEvent> {
        try {
          for (;;) yield { type: 'text', text: 'and ' };
        } finally {
          left = true;
        }
      },
    };
    for await (const { delta } of await toLlamaIndexLLM(chat).chat({ messages: [], stream: true })) if (delta) break;
    expect(left).toBe(true);
  });

  it('comes back as what it was', async () => {
    const back = fromLlamaIndexLLM(toLlamaIndexLLM(scriptedChat(() => 'Ten days.', { finish: 'length' })));
    const completion = { text: 'Ten days.', finish: 'length', usage: { inputTokens: 1, outputTokens: 2 } };
    expect(back).toMatchObject({ model: 'scripted', contextWindow: 8192 });
    expect(await back.complete(hello)).toEqual(completion);
    expect((await all(back.stream(hello))).at(-1)).toEqual({ type: 'done', completion });
    const failure = await fromLlamaIndexLLM(toLlamaIndexLLM(scriptedChat([])))
      .complete(hello)
      .catch((error: unknown) => error);
    expect(PackhouseError.is(failure, 'provider_failed')).toBe(true);
  });
});
