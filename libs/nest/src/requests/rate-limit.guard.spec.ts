import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import OpenAI from 'openai';
import request from 'supertest';
import { closeAll, serve } from '../../fixtures/serve.js';
import { claims, token } from '../../fixtures/token.js';
import { rateLimitHeaders } from './rate-limit-headers.js';
import { tokenBuckets } from './token-buckets.js';

const asked = (app: NestFastifyApplication, tenant: string, path = '/documents') =>
  request(app.getHttpServer())
    .get(path)
    .set('authorization', `Bearer ${token({ payload: claims({ tenant }) })}`);

describe('a rate limit', () => {
  afterAll(closeAll);

  it('tells each caller what is left, in the headers of both kinds of client', async () => {
    const app = await serve({ rateLimit: { perMinute: 60 } });
    const { status, headers } = await asked(app, 'acme');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'ratelimit-policy': '"requests";q=60;w=60',
      ratelimit: '"requests";r=59;t=1',
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': expect.stringMatching(/^(\d+ms|1s)$/),
    });
    expect(headers['retry-after']).toBeUndefined();
  });

  it('refuses what is too much with a problem that says when to come back, and leaves other tenants alone', async () => {
    const app = await serve({ rateLimit: { perMinute: 2 } });
    for (const remaining of ['1', '0']) {
      expect((await asked(app, 'acme')).headers['x-ratelimit-remaining-requests']).toBe(remaining);
    }
    const { status, headers, body } = await asked(app, 'acme');
    expect(status).toBe(429);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(headers).toMatchObject({ 'retry-after': '30', 'x-should-retry': 'true' });
    expect(Number(headers['retry-after-ms'])).toBeGreaterThan(29_000);
    expect(body).toMatchObject({
      code: 'rate_limit_exceeded',
      retryable: true,
      error: { code: 'rate_limit_exceeded', type: 'rate_limit_error' },
    });
    expect((await asked(app, 'umbrella')).status).toBe(200);
  });

  it('is nobody’s on public routes, and counts callers who may not do what they ask', async () => {
    const app = await serve({ rateLimit: { perMinute: 2 } });
    for (let n = 0; n < 5; n += 1) expect((await asked(app, 'acme', '/about')).status).toBe(200);
    const write = () => request(app.getHttpServer()).post('/documents').set('authorization', `Bearer ${token()}`);
    expect([(await write()).status, (await write()).status, (await write()).status]).toEqual([403, 403, 429]);
  });

  it('is waited out by OpenAI’s client', async () => {
    const app = await serve({ rateLimit: { perMinute: 60 } });
    const statuses: number[] = [];
    while (statuses.at(-1) !== 429) statuses.push((await asked(app, 'acme')).status);
    const baseURL = `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`;
    const client = new OpenAI({ baseURL, apiKey: token(), maxRetries: 2 });
    expect(await client.get('/documents')).toMatchObject({ tenant: 'acme' });
  });

  it('is none where none is asked for', async () => {
    const app = await serve();
    expect((await asked(app, 'acme')).headers['ratelimit']).toBeUndefined();
  });
});

describe('a token bucket', () => {
  const bucket = (options: { perMinute: number; remembered?: number }) => {
    const clock = { ms: 0 };
    return { take: tokenBuckets({ ...options, now: () => clock.ms }), clock };
  };

  it('fills evenly, to the brim and no further', () => {
    const { take, clock } = bucket({ perMinute: 60 });
    for (let n = 59; n >= 0; n -= 1) expect(take('a')).toMatchObject({ admitted: true, remaining: n });
    expect(take('a')).toMatchObject({ admitted: false, remaining: 0, retryMs: 1000, resetMs: 60_000 });
    clock.ms = 999;
    expect(take('a').admitted).toBe(false);
    clock.ms = 1000;
    expect(take('a').admitted).toBe(true);
    expect(take('a').admitted).toBe(false);
    clock.ms = 3_600_000;
    expect(take('a')).toMatchObject({ admitted: true, remaining: 59 });
  });

  it('remembers so many callers and no more', () => {
    const { take } = bucket({ perMinute: 1, remembered: 2 });
    take('a');
    take('b');
    expect(take('a').admitted).toBe(false);
    take('c');
    // b was longest ago.
    expect(take('a').admitted).toBe(false);
    expect(take('b').admitted).toBe(true);
  });

  it.each([
    [1, '1ms'],
    [999.5, '1000ms'],
    [12_000, '12s'],
    [90_000, '1m30s'],
  ])('tells %d ms as %s', (resetMs, told) => {
    const allowance = { admitted: true, limit: 1, remaining: 0, resetMs, retryMs: 0 };
    expect(rateLimitHeaders(allowance)['x-ratelimit-reset-requests']).toBe(told);
  });
});
