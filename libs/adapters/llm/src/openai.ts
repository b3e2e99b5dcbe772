import { PackhouseError, throwIfAborted, type ChatModel } from '@packhouse/core';
import { OpenAI } from 'openai';
import { contextWindowOf } from './context-window.js';
import { deadline } from './deadline.js';
import { completionOf, completionOfStream } from './openai-completion.js';
import { openaiError, refusesTemperature } from './openai-error.js';
import { openaiRequest, type OpenAIRequest } from './openai-request.js';

export interface OpenAIOptions {
  /** Servers that want no key take any text. */
  apiKey: string;
  /** @default 'gpt-5.4-mini' */
  model?: string;
  /** Where the API is, `/v1` included: any server that speaks it. @default 'https://api.openai.com/v1' */
  baseUrl?: string;
  /** Question and answer together, in tokens. @default OpenAI's for its models, 8192 for those we do not know */
  contextWindow?: number;
  /** Longest wait in milliseconds: for a whole answer, or for the next piece of a streamed one. @default 60000 */
  timeoutMs?: number;
  /** For a proxy or a client certificate. @default globalThis.fetch */
  fetch?: typeof globalThis.fetch;
}

/**
 * A chat model behind OpenAI's chat completions API. It asks once: retrying is its caller's.
 *
 * Its errors: `provider_refused` (credentials, quota, model or request: asking again does not help), `provider_failed`
 * (busy, broken or cut off: it may), `timeout`, `aborted`, `invalid_request` for passages in a system message and, at once,
 * for a URL with a password.
 */
export function openai({
  apiKey,
  model = 'gpt-5.4-mini',
  baseUrl = 'https://api.openai.com/v1',
  contextWindow = contextWindowOf(model),
  timeoutMs = 60_000,
  fetch,
}: OpenAIOptions): ChatModel {
  refuseCredentials(baseUrl);
  const client = new OpenAI({
    apiKey,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: timeoutMs,
    // Else the client takes these from the environment, and writes to the console.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    ...(fetch && { fetch }),
  });
  let takesTemperature = true;

  /** Some models allow one temperature and tell only by refusing: they are asked again without, and ever after. */
  async function ask<T>(request: OpenAIRequest, send: (request: OpenAIRequest) => Promise<T>): Promise<T> {
    const { temperature: _, ...plain } = request;
    if (!takesTemperature) return send(plain);
    return send(request).catch((error: unknown) => {
      if (!refusesTemperature(error)) throw error;
      takesTemperature = false;
      return send(plain);
    });
  }

  return {
    model,
    contextWindow,
    async complete(messages, { signal: caller, ...bounds } = {}) {
      throwIfAborted(caller);
      const request = openaiRequest(baseUrl, model, messages, bounds);
      const { signal, wait, stop } = deadline(timeoutMs, caller);
      try {
        wait();
        return completionOf(await ask(request, (body) => client.chat.completions.create(body, { signal })));
      } catch (error) {
        throw openaiError(error, signal, baseUrl);
      } finally {
        stop();
      }
    },
    async *stream(messages, { signal: caller, ...bounds } = {}) {
      throwIfAborted(caller);
      const request = openaiRequest(baseUrl, model, messages, bounds);
      const { signal, wait, stop } = deadline(timeoutMs, caller);
      const streamed = { stream: true, stream_options: { include_usage: true } } as const;
      try {
        wait();
        const chunks = await ask(request, (body) =>
          client.chat.completions.create({ ...body, ...streamed }, { signal }),
        );
        const answer = completionOfStream();
        for await (const chunk of chunks) {
          // The clock stands while our reader has the piece: only the provider is waited for.
          stop();
          const text = answer.add(chunk);
          if (text !== '') yield { type: 'text', text };
          wait();
        }
        // The client ends a stream that was aborted as if it were complete.
        throwIfAborted(signal);
        yield { type: 'done', completion: answer.end() };
      } catch (error) {
        throw openaiError(error, signal, baseUrl);
      } finally {
        stop();
      }
    },
  };
}

/** `fetch` takes no such URL, and errors name the URL to whoever asked. */
function refuseCredentials(baseUrl: string): void {
  const { username, password } = new URL(baseUrl);
  if (username === '' && password === '') return;
  const message =
    "The model server's URL (OPENAI_BASE_URL) holds a user or a password; the key belongs in OPENAI_API_KEY.";
  throw new PackhouseError('invalid_request', message, { param: 'baseUrl' });
}
