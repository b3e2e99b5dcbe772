import { randomUUID } from 'node:crypto';
import { nodeResponse, type HttpRequest, type HttpResponse } from './http.js';

const HEADER = 'x-request-id';

/** What a log line and a header can hold without harm. */
const SANE = /^[\w.:-]{1,128}$/;

/** The caller's own `x-request-id` where it is sane, a fresh UUID otherwise: the same one for the whole request. */
export function requestId({ headers }: HttpRequest): string {
  const given = headers[HEADER];
  if (typeof given === 'string' && SANE.test(given)) return given;
  return (headers[HEADER] = randomUUID());
}

/** Names the request on its response. On Node's own, so that it is there for handlers that write to that. */
export function stampRequestId(request: HttpRequest, response: HttpResponse): void {
  const raw = nodeResponse(response);
  if (!raw.headersSent) raw.setHeader(HEADER, requestId(request));
}
