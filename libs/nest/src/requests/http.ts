import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../auth/principal.js';

/** What Fastify's and Express' requests have in common, as far as we look. */
export interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** Of the client; of the last proxy, unless the framework was told which proxies to trust. */
  readonly ip?: string | undefined;
  /** Fastify's way to Node's own request, which Express' is. */
  readonly raw?: IncomingMessage;
  readonly rawHeaders?: readonly string[];
  /** Set by the tenant guard; absent on public routes. Nest's customary place for it. */
  user?: Principal;
}

/** Express hands out Node's response itself, Fastify its own around it. */
export type HttpResponse = ServerResponse | { readonly raw: ServerResponse };

export function nodeResponse(response: HttpResponse): ServerResponse {
  return 'raw' in response ? response.raw : response;
}

/** Every value of a header, as sent. Node itself shows one, of a header that may be there once. */
export function rawHeaderValues({ raw, rawHeaders = raw?.rawHeaders ?? [] }: HttpRequest, name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}
