import type { ChatModel, CompletionEvent, FinishReason, Usage } from '../ports/chat-model.js';

/** What a provider does when it is asked. Its test server says it in the provider's own bytes, streamed or not. */
export type ProviderScript =
  /** Answers with these pieces, joined where nobody streams. */
  | {
      readonly does: 'answer';
      readonly pieces: readonly string[];
      readonly finish?: FinishReason;
      readonly usage?: Usage;
    }
  /** Answers with an HTTP status and an error in the provider's form. */
  | { readonly does: 'refuse'; readonly status: number; readonly message: string }
  /** Streams these pieces and then nothing, the connection open. */
  | { readonly does: 'stall'; readonly pieces: readonly string[] }
  /** Streams these pieces and then drops the connection. */
  | { readonly does: 'break'; readonly pieces: readonly string[] }
  /** Streams these pieces and closes in good order, the end of the answer missing. */
  | { readonly does: 'end early'; readonly pieces: readonly string[] };

/** A provider that is a local HTTP server. */
export interface ScriptedProvider {
  /** What it does from now on. */
  play(script: ProviderScript): void;
  /** Resolves when a client has closed its connection before its answer was complete. */
  hungUp(): Promise<void>;
  close(): Promise<void>;
}

export interface ChatModelUnderTest {
  readonly model: ChatModel;
  readonly provider: ScriptedProvider;
}

const ASK = [{ role: 'user', content: 'How long does a refund take?' }] as const;
const ANSWER = {
  does: 'answer',
  pieces: ['Ten', ' days', ' – 十天 😀.'],
  usage: { inputTokens: 11, outputTokens: 7 },
} as const;
const TIMEOUT_MS = 300;

/** What every chat model keeps. `make` connects a model that waits `timeoutMs` to a provider that it starts. */
export function describeChatModel(name: string, make: (timeoutMs: number) => Promise<ChatModelUnderTest>): void {
  describe(`${name}, a chat model`, () => {
    let model: ChatModel;
    let provider: ScriptedProvider;
    beforeAll(async () => {
      ({ model, provider } = await make(TIMEOUT_MS));
    });
    afterAll(() => provider.close());

    it('says what it is', () => {
      expect(model.model).not.toBe('');
      expect(model.contextWindow).toBeGreaterThan(0);
    });

    it('completes, with usage as the provider counted it', async () => {
      provider.play(ANSWER);
      const completion = { text: 'Ten days – 十天 😀.', finish: 'stop', usage: ANSWER.usage };
      expect(await model.complete(ASK)).toEqual(completion);
    });

    it('streams the same: pieces that join to the text, then one `done` with usage', async () => {
      provider.play(ANSWER);
      const events = await collect(model.stream(ASK));
      const pieces = events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
      expect(pieces.length).toBeGreaterThan(1);
      expect(events.at(-1)).toEqual({ type: 'done', completion: await model.complete(ASK) });
      expect(pieces.join('')).toBe('Ten days – 十天 😀.');
      expect(events.filter(({ type }) => type === 'done')).toHaveLength(1);
    });

    it.each(['stop', 'length', 'filtered'] as const)('tells why the model stopped: %s', async (finish) => {
      provider.play({ ...ANSWER, finish });
      expect(await model.complete(ASK)).toMatchObject({ finish });
      expect((await collect(model.stream(ASK))).at(-1)).toMatchObject({ completion: { finish } });
    });

    it('takes an answer of no text for one', async () => {
      provider.play({ ...ANSWER, pieces: [] });
      expect(await model.complete(ASK)).toMatchObject({ text: '' });
      expect(await collect(model.stream(ASK))).toMatchObject([{ type: 'done', completion: { text: '' } }]);
    });

    describe.each([
      ['complete', (signal?: AbortSignal) => model.complete(ASK, signal && { signal })],
      ['stream', (signal?: AbortSignal) => collect(model.stream(ASK, signal && { signal }))],
    ])('%s', (_, ask) => {
      it.each([400, 401, 403, 404, 422])('says that the provider refused: %d', async (status) => {
        provider.play({ does: 'refuse', status, message: 'No.' });
        await expect(ask()).rejects.toMatchObject({ code: 'provider_refused', retryable: false });
      });

      it.each([429, 500, 502, 503])(
        'says that the provider failed, and that it may be asked again: %d',
        async (status) => {
          provider.play({ does: 'refuse', status, message: 'Later.' });
          const failure = { code: 'provider_failed', retryable: true, cause: expect.anything() };
          await expect(ask()).rejects.toMatchObject(failure);
        },
      );

      it.each(['break', 'end early'] as const)('never passes off a part for the answer: %s', async (does) => {
        provider.play({ does, pieces: ['Ten'] });
        await expect(ask()).rejects.toMatchObject({ code: 'provider_failed', retryable: true });
      });

      it('gives up on a provider that has gone silent, and hangs up', async () => {
        provider.play({ does: 'stall', pieces: ['Ten'] });
        const hungUp = provider.hungUp();
        await expect(ask()).rejects.toMatchObject({ code: 'timeout', retryable: true });
        await hungUp;
      });

      it('hangs up when its caller does', async () => {
        provider.play({ does: 'stall', pieces: ['Ten'] });
        const hungUp = provider.hungUp();
        const caller = new AbortController();
        setTimeout(() => caller.abort(), TIMEOUT_MS / 3);
        await expect(ask(caller.signal)).rejects.toMatchObject({ code: 'aborted' });
        await hungUp;
      });

      it('asks nothing for a caller that has gone', async () => {
        provider.play(ANSWER);
        await expect(ask(AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
      });
    });

    it('hangs up when a stream is left before its end', async () => {
      provider.play({ does: 'stall', pieces: ['Ten'] });
      const hungUp = provider.hungUp();
      for await (const event of model.stream(ASK)) {
        expect(event).toEqual({ type: 'text', text: 'Ten' });
        break;
      }
      await hungUp;
    });

    it('waits for a slow reader of its stream', async () => {
      provider.play(ANSWER);
      let text = '';
      for await (const event of model.stream(ASK)) {
        if (event.type === 'text') text += event.text;
        if (text === 'Ten') await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS * 1.5));
      }
      expect(text).toBe('Ten days – 十天 😀.');
    });
  });
}

async function collect(stream: AsyncIterable<CompletionEvent>): Promise<CompletionEvent[]> {
  const events: CompletionEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}
