import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { AppModule } from '../app.module.js';
import type { Parts } from '../parts/parts.js';
import { readSettings } from '../settings/settings.js';
import { liveRoutes } from '../testing/live-routes.js';
import { clientOf, startOn, testBeds, tokenFor, type TestBed } from '../testing/servers.js';
import type { RunningServer } from '../start.js';

const { make } = testBeds().at(-1)!;
let bed: TestBed;
let server: RunningServer;

beforeAll(async () => {
  bed = await make();
  server = await startOn({ ...bed, env: { ...bed.env, MAX_REQUESTS: '4' } });
});
afterAll(async () => {
  await server?.close();
  await bed?.drop();
  rmSync(bed.env['PACKHOUSE_DATA'] as string, { recursive: true, force: true });
});

const AUTHORIZED = { authorization: `Bearer ${tokenFor('acme')}` };
const JSON_BODY = { ...AUTHORIZED, 'content-type': 'application/json' };

interface Sent {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** By Node's own client: fetch refuses to send some of this. */
async function send(method: string, path: string, { headers = AUTHORIZED, body }: Sent = {}) {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const sent = request(server.url + path, { method, headers: { ...headers, ...length }, agent: false });
  const answered = new Promise<IncomingMessage>((resolve, reject) => sent.on('response', resolve).on('error', reject));
  sent.end(body);
  const response = await answered;
  return { status: response.statusCode as number, headers: response.headers, body: await text(response) };
}

/** Bytes that are no request of any client. */
async function sendRaw(bytes: string) {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body };
}

type Refusal = [name: string, status: number, sent: () => ReturnType<typeof send>];

const post = (body: string, headers: Record<string, string> = JSON_BODY) =>
  send('POST', '/v1/vector_stores', { headers, body });

const REFUSALS: Refusal[] = [
  ['a path that is no URL', 400, () => send('GET', '/%')],
  ['malformed JSON', 400, () => post('{"name":')],
  ['JSON that is to change a prototype', 400, () => post('{"metadata":{"__proto__":{"admin":"1"}}}')],
  ['JSON that is to change a constructor', 400, () => post('{"constructor":{"prototype":{"admin":1}}}')],
  ['JSON nested without end', 400, () => post('['.repeat(1_000_000) + ']'.repeat(1_000_000))],
  ['no token', 401, () => send('GET', '/v1/files', { headers: {} })],
  ['an id that nobody has', 404, () => send('GET', '/v1/files/file-none')],
  ['a path that nobody serves', 404, () => send('GET', '/v1/nothing')],
  ['a path of another application', 404, () => send('GET', '/wp-login.php')],
  ['a method that a path is not for', 405, () => send('DELETE', '/v1/models')],
  ['a body that is too large', 413, () => post(JSON.stringify({ name: 'x'.repeat(5 * 1024 * 1024) }))],
  ['a URL that is too long', 414, () => send('GET', `/v1/files?after=${'x'.repeat(9_000)}`)],
  ['XML', 415, () => post('<name/>', { ...AUTHORIZED, 'content-type': 'application/xml' })],
  ['a form', 415, () => post('name=x', { ...AUTHORIZED, 'content-type': 'application/x-www-form-urlencoded' })],
  [
    'a file where none is taken',
    415,
    () => post('--x--', { ...AUTHORIZED, 'content-type': 'multipart/form-data; boundary=x' }),
  ],
  ['a body of no type', 415, () => post('{"name":"x"}', AUTHORIZED)],
  ['JSON where a file is taken', 415, () => send('POST', '/v1/files', { headers: JSON_BODY, body: '{}' })],
];

describe('a refusal', () => {
  it.each(REFUSALS)(
    'of %s is %d as a problem document that names the request, and shows no code',
    async (_, status, sent) => {
      const { headers, body, ...answer } = await sent();
      expect(answer.status).toBe(status);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(JSON.parse(body)).toMatchObject({
        status,
        request_id: headers['x-request-id'],
        error: { message: expect.any(String) },
      });
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(body).not.toMatch(/node_modules|\.[jt]s:\d|at \w+ \(/);
    },
  );

  it.each([
    ['headers that are too large', 431, `GET /v1/files HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['what is not HTTP', 400, '\x16\x03\x01\x02\x00\x01\r\n\r\n'],
  ])('of %s is %d as a problem document too, though no request was read', async (_, status, bytes) => {
    const { head, body, ...answer } = await sendRaw(bytes);
    expect(answer.status).toBe(status);
    expect(head).toContain('application/problem+json');
    expect(head).toContain(`x-request-id: ${(JSON.parse(body) as { request_id: string }).request_id}`);
  });

  it('leaves the server as it was', async () => {
    expect((await send('GET', '/v1/models')).status).toBe(200);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});

describe('methods', () => {
  const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

  it('are refused on every path that is not for them, with those that it is for', async () => {
    const routes = (await liveRoutes(server.parts)).map((route) => route.split(' ') as [string, string]);
    for (const path of new Set(routes.map(([, path]) => path))) {
      const served = routes.filter(([, each]) => each === path).map(([method]) => method);
      const allowed = [...served, ...(served.includes('GET') ? ['HEAD'] : [])].sort();
      for (const method of METHODS.filter((each) => !allowed.includes(each))) {
        // Without a token: the answer is the same for everybody.
        const { status, headers } = await send(method, path.replace(/:\w+/g, 'x'), { headers: {} });
        expect([method, path, status, headers['allow']]).toEqual([method, path, 405, allowed.join(', ')]);
      }
    }
  });
});

describe('x-request-id', () => {
  const idOf = async (given: string | undefined, path = '/v1/models') => {
    const { headers } = await send('GET', path, {
      headers: { ...AUTHORIZED, ...(given && { 'x-request-id': given }) },
    });
    return headers['x-request-id'];
  };

  it('is the caller’s own where that is sound, whatever the answer is', async () => {
    for (const path of [
      '/v1/models',
      '/v1/nothing',
      '/v1/files/file-none',
      '/health/live',
      '/%',
      '/openapi.json',
      '/docs',
    ]) {
      expect(await idOf('caller:1.a-b_c', path)).toBe('caller:1.a-b_c');
    }
  });

  it.each(['spaced out', 'x'.repeat(129), 'quoted"', '{{7*7}}'])('is made where %s is sent', async (given) => {
    expect(await idOf(given)).toMatch(/^[\da-f-]{36}$/);
  });

  it('is another for each request, and on streams too', async () => {
    expect(await idOf(undefined)).not.toBe(await idOf(undefined));
    const body = JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'Anything?' }] });
    const { headers } = await send('POST', '/v1/chat/completions', {
      headers: { ...JSON_BODY, 'x-request-id': 'mine' },
      body,
    });
    expect(headers).toMatchObject({
      'content-type': expect.stringContaining('text/event-stream'),
      'x-request-id': 'mine',
      'cache-control': 'no-store',
      'x-ratelimit-limit-requests': '6000',
    });
  });
});

describe('more requests at once than are taken', () => {
  /** A request that is being answered for as long as its body does not end. */
  const held = async (tenant: string) => {
    const boundary = 'x';
    const authorization = `Bearer ${tokenFor(tenant)}`;
    const headers = { authorization, 'content-type': `multipart/form-data; boundary=${boundary}` };
    const sent = request(`${server.url}/v1/files`, { method: 'POST', headers, agent: false });
    const answered = new Promise<IncomingMessage>((resolve, reject) =>
      sent.on('response', resolve).on('error', reject),
    );
    sent.write(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nslow`);
    return async () => {
      sent.end(`\r\n--${boundary}--\r\n`);
      const response = await answered;
      response.resume();
      return response.statusCode;
    };
  };

  it('are told at once to come back, while health answers, those in hand end well, and others come in after', async () => {
    const inHand = await Promise.all(['acme', 'acme', 'borealis', 'borealis'].map(held));
    while ((await send('GET', '/v1/models')).status !== 503);
    const began = performance.now();
    const { status, headers, body } = await send('GET', '/v1/models');
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(status).toBe(503);
    expect(headers).toMatchObject({ 'retry-after': '1', 'x-should-retry': 'true', 'x-request-id': expect.any(String) });
    expect(JSON.parse(body)).toMatchObject({ code: 'unavailable', retryable: true });
    expect((await send('GET', '/health/ready')).status).toBe(200);

    // OpenAI's client waits as it is told, and is served.
    const waiting = clientOf(server, 'acme').withOptions({ maxRetries: 5 }).models.list();
    expect(await Promise.all(inHand.map((end) => end()))).toEqual([200, 200, 200, 200]);
    expect((await waiting).data.length).toBeGreaterThan(0);
  });

  it('are 429 to a tenant that has taken half of the places, and others get through', async () => {
    const other = { authorization: `Bearer ${tokenFor('borealis')}` };
    const inHand = await Promise.all(['acme', 'acme'].map(held));
    while ((await send('GET', '/v1/models')).status === 200);
    const { status, headers, body } = await send('GET', '/v1/models');
    expect(status).toBe(429);
    expect(headers).toMatchObject({ 'retry-after': '1', 'x-should-retry': 'true' });
    expect(JSON.parse(body)).toMatchObject({ code: 'rate_limit_exceeded', retryable: true });
    expect((await send('GET', '/v1/models', { headers: other })).status).toBe(200);
    expect(await Promise.all(inHand.map((end) => end()))).toEqual([200, 200]);
    while ((await send('GET', '/v1/models')).status === 429);
    expect((await send('GET', '/v1/models')).status).toBe(200);
  });

  it('counts no caller that has gone', async () => {
    for (let n = 0; n < 12; n += 1) {
      const gone = request(`${server.url}/v1/files`, {
        method: 'POST',
        headers: { ...AUTHORIZED, 'content-type': 'multipart/form-data; boundary=x' },
      });
      gone.on('error', () => undefined);
      gone.write('--x\r\n');
      await new Promise((done) => setTimeout(done, 20));
      gone.destroy();
    }
    while ((await send('GET', '/v1/models')).status !== 200);
    expect((await send('GET', '/v1/models')).status).toBe(200);
  });
});

describe('the page at /docs', () => {
  it('is whole, and needs nothing from elsewhere', async () => {
    const page = await send('GET', '/docs', { headers: {} });
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    const parts = Array.from(page.body.matchAll(/(?:src|href)="([^"]+)"/g), ([, address]) => address as string);
    expect(parts.filter((address) => !address.startsWith('data:'))).toHaveLength(3);
    for (const address of parts.filter((each) => !each.startsWith('data:'))) {
      expect(address).not.toMatch(/^(https?:)?\/\//);
      const part = await send('GET', `/${address}`, { headers: {} });
      expect(part.status).toBe(200);
      expect(part.headers['content-type']).toMatch(address.endsWith('.css') ? /^text\/css/ : /^text\/javascript/);
    }
    expect((await send('GET', '/docs/package.json', { headers: {} })).status).toBe(404);
    expect((await send('GET', '/docs/..%2fpackage.json', { headers: {} })).status).toBe(404);
  });

  it.each([
    [{}, true],
    [{ API_DOCS: 'false' }, false],
    [{ NODE_ENV: 'production' }, false],
    [{ NODE_ENV: 'production', API_DOCS: 'true' }, true],
  ])('with %j is there: %s', (env, there) => {
    const settings = readSettings({
      JWT_SECRET: randomBytes(32).toString('base64'),
      DATABASE_URL: 'postgres://app@db/app',
      ...env,
    });
    const { controllers = [] } = AppModule.over({ settings, packs: {} } as Parts);
    expect(controllers.map(({ name }) => name).includes('DocsController')).toBe(there);
  });
});
