import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, apiError } from './api-error.js';
import { readServer } from './server.js';
import { streamedObjects } from './streamed-objects.js';
import { unreachable } from './unreachable-error.js';

/** The REST API, as this token sees it. What it refuses is an ApiError, silence an UnreachableError. */
export interface Api {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
  /** Sends a form, a file in it as it is read from disk. */
  upload<T>(path: string, form: FormData): Promise<T>;
  delete(path: string): Promise<void>;
  /** Everything on a list, page after page. */
  all<T extends { readonly id: string }>(path: string): AsyncGenerator<T>;
  /** The objects of a streamed answer. */
  stream<T>(path: string, body: object): AsyncGenerator<T>;
}

const PATIENCE_MS = 60_000;
/** For what takes as long as a model or a slow line does; the server itself waits 5 minutes for a request. */
const LONG_PATIENCE_MS = 330_000;

/** How often a server may say "later", and for how long at most. */
const DELAYS = 10;
const LONGEST_DELAY_SECONDS = 60;

/** The most that the server gives. */
const PAGE = 100;

interface Page<T> {
  readonly data: readonly T[];
  readonly has_more: boolean;
}

/** A line of a stream that is longer than this is no answer. */
const LONGEST_EVENT = 16 * 1024 * 1024;

/**
 * The API of the server that the environment names. Not by the client of `openai`, though it would do: to load that
 * takes longer than a search.
 *
 * @param signal ends whatever is under way, down to the socket
 */
export async function openApi(signal: AbortSignal): Promise<Api> {
  const { url, token } = await readServer();

  async function send(method: string, path: string, init: RequestInit = {}, patience = PATIENCE_MS): Promise<Response> {
    for (let delays = 0; ; delays += 1) {
      const response = await fetch(`${url}/v1${path}`, {
        ...init,
        method,
        headers: { ...init.headers, authorization: `Bearer ${token}` },
        signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
      }).catch((error: unknown) => refuse(error));
      if (response.ok) return response;
      const seconds = laterBy(response);
      if (seconds === undefined || delays === DELAYS) throw await apiError(response);
      await response.body?.cancel();
      await sleep(seconds * 1000, undefined, { signal });
    }
  }

  function refuse(error: unknown): never {
    signal.throwIfAborted();
    throw unreachable(url, error);
  }

  const read = async <T>(response: Promise<Response>) => (await (await response).json().catch(refuse)) as T;

  return {
    get: <T>(path: string) => read<T>(send('GET', path)),
    post: <T>(path: string, body: object) => read<T>(send('POST', path, json(body), LONG_PATIENCE_MS)),
    upload: <T>(path: string, body: FormData) => read<T>(send('POST', path, { body }, LONG_PATIENCE_MS)),
    delete: async (path) => void (await read(send('DELETE', path))),
    async *all<T extends { readonly id: string }>(path: string) {
      for (let after = ''; ;) {
        const query = `${path.includes('?') ? '&' : '?'}order=asc&limit=${PAGE}${after && `&after=${after}`}`;
        const { data, has_more } = await read<Page<T>>(send('GET', path + query));
        yield* data;
        after = data.at(-1)?.id ?? '';
        if (!has_more || !after) return;
      }
    },
    async *stream<T>(path: string, body: object) {
      // A search needs none of it.
      const { EventSourceParserStream } = await import('eventsource-parser/stream');
      const { body: bytes } = await send('POST', path, json(body), LONG_PATIENCE_MS);
      const events = (bytes as ReadableStream<Uint8Array>)
        .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
        .pipeThrough(new EventSourceParserStream({ maxBufferSize: LONGEST_EVENT }));
      try {
        yield* streamedObjects<T>(events);
      } catch (error) {
        throw error instanceof ApiError ? error : refuse(error);
      }
    },
  };
}

const json = (body: object) => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

/** Only where it says when, and that this is soon: other refusals are meant. */
function laterBy({ status, headers }: Response): number | undefined {
  if (headers.get('x-should-retry') === 'false') return undefined;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (![429, 503].includes(status) || Number.isNaN(seconds)) return undefined;
  return Math.min(Math.max(seconds, 0.1), LONGEST_DELAY_SECONDS);
}
