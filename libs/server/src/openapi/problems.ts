import { ERROR_CODES } from '@packhouse/core';
import { z } from 'zod';
import type { Route } from './routes.js';

const code = z.enum(ERROR_CODES);

/** A problem document (RFC 9457) with OpenAI's `error` in it. */
export const PROBLEM = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('what is wrong, for a person'),
    instance: z.string().describe('the path that was asked for'),
    code: code.describe('what is wrong, for a program'),
    request_id: z.string().describe('the x-request-id, under which the server’s log has more'),
    retryable: z.boolean().describe('whether the same request may succeed later, unchanged'),
    errors: z.array(z.object({ pointer: z.string().optional(), detail: z.string() })).optional(),
    error: z.object({ message: z.string(), type: z.string(), code, param: z.string().nullable() }),
  })
  .meta({ id: 'Problem' });

const text = (description: string) => ({ description, schema: { type: 'string' } });
const integer = (description: string) => ({ description, schema: { type: 'integer' } });

export const HEADERS = {
  RequestId: text('Names this request in the server’s log; the caller’s own x-request-id where it sent a sound one.'),
  RateLimit: text('What is left: `"requests";r=<requests>;t=<seconds until all are back>`.'),
  RateLimitPolicy: text('How many are allowed: `"requests";q=<requests>;w=<seconds>`.'),
  RequestsLimit: integer('Requests a tenant may make in a minute.'),
  RequestsRemaining: integer('Requests left now.'),
  RequestsReset: text('When all are back, as `1m30s` or `250ms`.'),
  RetryAfter: integer('Seconds to wait before the next attempt.'),
  Authenticate: text('`Bearer`, with `error="invalid_token"` where one was sent.'),
};

const ref = (name: keyof typeof HEADERS) => ({ $ref: `#/components/headers/${name}` });

export const EVERY_ANSWER = { 'x-request-id': ref('RequestId') };

export const LIMITED = {
  RateLimit: ref('RateLimit'),
  'RateLimit-Policy': ref('RateLimitPolicy'),
  'x-ratelimit-limit-requests': ref('RequestsLimit'),
  'x-ratelimit-remaining-requests': ref('RequestsRemaining'),
  'x-ratelimit-reset-requests': ref('RequestsReset'),
};

const problem = (description: string, headers: object = {}) => ({
  description,
  headers: { ...EVERY_ANSWER, ...headers },
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** The answers that routes share, by the name they are referred to. */
export const PROBLEMS = {
  Invalid: problem('The request is not valid; `error.param` names the field.'),
  Unauthenticated: problem('No token, or none that is valid here.', { 'www-authenticate': ref('Authenticate') }),
  Forbidden: problem('The token’s role may not do this.'),
  NotFound: problem('There is no such thing, or it is another tenant’s.'),
  Conflict: problem('What is asked for is just being done by another request.', { 'retry-after': ref('RetryAfter') }),
  TooLarge: problem('The body is larger than is accepted.'),
  Unsupported: problem('The body’s media type is not one that this route takes.'),
  OtherRequest: problem('The Idempotency-Key was used for another request.'),
  TooMany: problem('The tenant makes more requests, or spends more tokens, than it may.', {
    ...LIMITED,
    'retry-after': ref('RetryAfter'),
  }),
  Failed: problem('Any other failure.'),
  Busy: problem('The server has too much at work, or a part of it is away.', { 'retry-after': ref('RetryAfter') }),
};

/** What may go wrong on a route, by status. */
export function problemsOf({ body, query, role, path, idempotent, ...route }: Route) {
  const away = route.public ? {} : { 401: 'Unauthenticated', 429: 'TooMany' };
  const names = {
    ...away,
    ...((body ?? query ?? (idempotent || path.includes('{'))) && { 400: 'Invalid' }),
    ...(role !== 'reader' && { 403: 'Forbidden' }),
    ...((body || path.includes('{')) && { 404: 'NotFound' }),
    ...(body && { 413: 'TooLarge', 415: 'Unsupported' }),
    ...(idempotent && { 409: 'Conflict', 422: 'OtherRequest' }),
    503: 'Busy',
    default: 'Failed',
  };
  return Object.fromEntries(
    Object.entries(names).map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]),
  );
}
