import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Principal } from '../auth/principal.js';

/** What Fastify's and Express' requests have in common, as far as we look. */
export interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** Set by the tenant guard; absent on public routes. Nest's customary place for it. */
  user?: Principal;
}

/** Express hands out Node's response itself, Fastify its own around it. */
export type HttpResponse = ServerResponse | { readonly raw: ServerResponse };

export function nodeResponse(response: HttpResponse): ServerResponse {
  return 'raw' in response ? response.raw : response;
}
