import type { ChatMessage as LlamaIndexMessage } from '@llamaindex/core/llms';
import type { ChatMessage, ChatModel, ChatOptions, Completion, CompletionEvent } from '@packhouse/core';
import { call } from './call.js';
import { toLlamaIndexMessages } from './llm-messages.js';
import { finishOf, usageOf } from './raw-answer.js';

interface Answer {
  readonly message: { readonly content: LlamaIndexMessage['content'] };
  readonly raw: object | null;
}

interface AnswerPiece {
  readonly delta: string;
  readonly raw: object | null;
}

/** What we need of a LlamaIndex `LLM`. */
export interface LlamaIndexLLMLike {
  readonly metadata: { readonly model: string; readonly contextWindow: number };
  chat(params: { messages: LlamaIndexMessage[]; stream: true }): Promise<AsyncIterable<AnswerPiece>>;
  chat(params: { messages: LlamaIndexMessage[]; stream?: false }): Promise<Answer>;
}

export interface FromLlamaIndexLLMOptions {
  /** In tokens. LlamaIndex says 1024 for a model it does not know. @default what the LLM says */
  contextWindow?: number;
}

/**
 * A LlamaIndex LLM as a chat model. It keeps its own temperature and token bound: those of a call are not passed on, as
 * each provider names them otherwise. Usage and the reason to stop are read from the provider's raw answer where it is
 * in the form of OpenAI, Anthropic or Gemini; else usage is zero and the reason `stop`. LlamaIndex takes no signal: a
 * caller that goes is told at once, the request behind goes on until the provider ends it.
 */
export function fromLlamaIndexLLM(
  llm: LlamaIndexLLMLike,
  { contextWindow = llm.metadata.contextWindow }: FromLlamaIndexLLMOptions = {},
): ChatModel {
  const { model } = llm.metadata;

  async function complete(messages: readonly ChatMessage[], { signal }: ChatOptions = {}): Promise<Completion> {
    const asked = toLlamaIndexMessages(messages);
    const { message, raw } = await call(model, () => llm.chat({ messages: asked }), signal);
    return { text: textOf(message.content), finish: finishOf(raw) ?? 'stop', usage: usageOf(raw) };
  }

  async function* stream(
    messages: readonly ChatMessage[],
    { signal }: ChatOptions = {},
  ): AsyncGenerator<CompletionEvent> {
    const asked = toLlamaIndexMessages(messages);
    const pieces = await call(model, () => llm.chat({ messages: asked, stream: true }), signal);
    let completion: Completion = { text: '', finish: 'stop', usage: usageOf(null) };
    for await (const { delta, raw } of untilAborted(model, pieces, signal)) {
      completion = added(completion, delta, raw);
      if (delta !== '') yield { type: 'text', text: delta };
    }
    yield { type: 'done', completion };
  }

  return { model, contextWindow, complete, stream };
}

/** Some providers tell usage and reason on the last piece with text, others on an empty one after it. */
function added({ text, finish, usage }: Completion, delta: string, raw: object | null): Completion {
  const told = usageOf(raw);
  return {
    text: text + delta,
    finish: finishOf(raw) ?? finish,
    usage: told.inputTokens + told.outputTokens > 0 ? told : usage,
  };
}

async function* untilAborted<T>(who: string, pieces: AsyncIterable<T>, signal: AbortSignal | undefined) {
  const iterator = pieces[Symbol.asyncIterator]();
  let done = false;
  try {
    for (;;) {
      const next = await call(who, () => iterator.next(), signal);
      done = next.done === true;
      if (done) return;
      yield next.value as T;
    }
  } finally {
    // Not awaited: a generator that hangs in `next` would hold up its caller's leaving.
    if (!done) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

function textOf(content: LlamaIndexMessage['content']): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('');
}
