import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { closeAll, serve } from '../../fixtures/serve.js';
import { claims, encode, now, SECRET, token, type TokenParts } from '../../fixtures/token.js';
import type { JwtOptions } from './jwt-options.js';

const ask = (app: NestFastifyApplication, authorization?: string) => {
  const asked = request(app.getHttpServer()).get('/documents');
  return authorization === undefined ? asked : asked.set('authorization', authorization);
};

const askWith = (app: NestFastifyApplication, parts: TokenParts) => ask(app, `Bearer ${token(parts)}`);

const serveFor = (auth: JwtOptions) => serve({ auth: { secret: SECRET, ...auth } });

afterAll(closeAll);

describe('a request', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await serve();
  });

  it('is served as the tenant, role and subject its token names', async () => {
    const { status, body } = await askWith(app, { payload: claims({ role: 'writer' }) });
    expect({ status, body }).toEqual({
      status: 200,
      body: { principal: { tenant: 'acme', role: 'writer', subject: 'ada' }, tenant: 'acme' },
    });
  });

  it('is a reader and nobody in particular where its token says neither', async () => {
    const { body } = await askWith(app, { payload: claims({ sub: undefined }) });
    expect(body.principal).toEqual({ tenant: 'acme', role: 'reader', subject: null });
  });

  it('is served on a public route without a token', async () => {
    await request(app.getHttpServer()).get('/about').expect(200, { open: true });
  });

  it('may write the scheme in any case', async () => {
    await ask(app, `bearer ${token()}`).expect(200);
  });

  it.each(['JWT', 'jwt', 'at+jwt', 'application/at+jwt', undefined])(
    'is served with a token of type %s',
    async (typ) => {
      await askWith(app, { header: { typ } }).expect(200);
    },
  );

  it.each([1, 10, 100])('belongs to its own tenant among %i at once', async (concurrent) => {
    const tenants = Array.from({ length: concurrent }, (_, index) => `tenant-${index}`);
    const answers = await Promise.all(tenants.map((tenant) => askWith(app, { payload: claims({ tenant }) })));
    expect(answers.map(({ body }) => body.tenant)).toEqual(tenants);
  });

  it('without a token is asked for one', async () => {
    const { status, headers, body } = await ask(app);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(body).toMatchObject({ code: 'unauthenticated', retryable: false });
  });

  it('finds no way in by query, cookie or body', async () => {
    const server = app.getHttpServer();
    await request(server).get('/documents').query({ access_token: token(), token: token() }).expect(401);
    await request(server).get('/documents').set('cookie', `token=${token()}; access_token=${token()}`).expect(401);
    await request(server).post('/documents').send({ a: 1 }).expect(401);
  });

  it('takes no tenant from any other header', async () => {
    const { body } = await askWith(app, {}).set('x-tenant-id', 'globex').set('x-tenant', 'globex');
    expect(body.tenant).toBe('acme');
  });

  const [header, payload, signature] = token().split('.') as [string, string, string];
  it.each([
    ['an empty header', ''],
    ['the scheme alone', 'Bearer'],
    ['a scheme and spaces', 'Bearer    '],
    ['another scheme', `Basic ${token()}`],
    ['garbage', 'Bearer garbage'],
    ['garbage in three parts', 'Bearer a.b.c'],
    ['null', 'Bearer null'],
    ['an object', 'Bearer {}'],
    ['two tokens', `Bearer ${token()} ${token()}`],
    ['something after the token', `Bearer ${token()},`],
    ['an encrypted token of five parts', `Bearer ${token()}.a.b`],
    ['a token in JSON', `Bearer ${JSON.stringify({ protected: header, payload, signature })}`],
    ['no signature, two parts', `Bearer ${header}.${payload}`],
    ['no signature, three parts', `Bearer ${header}.${payload}.`],
    ['a signature cut short', `Bearer ${header}.${payload}.${signature.slice(0, -4)}`],
    ['a payload exchanged', `Bearer ${header}.${encode(claims({ tenant: 'globex' }))}.${signature}`],
    ['a header that is no object', `Bearer ${encode('x')}.${payload}.${signature}`],
    ['another secret', `Bearer ${token({ secret: 'another secret of the tests, 32 bytes +' })}`],
    ['a token of more than 8 KiB', `Bearer ${token({ payload: claims({ much: 'x'.repeat(8 * 1024) }) })}`],
  ])('is refused with %s', async (_, authorization) => {
    const { status, headers, body } = await ask(app, authorization);
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' });
    expect(headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  });

  it.each(['none', 'None', 'NONE', 'nOnE', '', undefined, null, 'HS384', 'HS512', 'RS256', 'ES256', ['HS256'], {}])(
    'is refused with a token of algorithm %p, signed or not',
    async (alg) => {
      const good = token({ header: { alg } });
      await ask(app, `Bearer ${good}`).expect(401);
      await ask(app, `Bearer ${good.slice(0, good.lastIndexOf('.') + 1)}`).expect(401);
      await ask(app, `Bearer ${good.slice(0, good.lastIndexOf('.'))}`).expect(401);
    },
  );

  it.each([
    ['a refresh token', { typ: 'refresh+jwt' }],
    ['an identity token', { typ: 'id+jwt' }],
    ['a type that is no text', { typ: ['JWT'] }],
    ['a critical extension', { crit: ['exp'] }],
    ['an unencoded payload', { b64: false, crit: ['b64'] }],
    ['an unencoded payload that is not called critical', { b64: false }],
    ['no critical extensions, but a list of them', { crit: [] }],
    ['a session token', { typ: 'session+jwt' }],
    ['a logout token', { typ: 'logout+jwt' }],
    ['an empty type', { typ: '' }],
  ])('is refused with %s', async (_, extra) => {
    await askWith(app, { header: extra }).expect(401);
  });

  it.each([
    ['an identity token', { token_use: 'id' }],
    ['an identity token', { typ: 'ID' }],
    ['an identity token', { at_hash: 'x' }],
    ['an identity token', { c_hash: 'x' }],
    ['a refresh token', { token_use: 'refresh' }],
    ['a refresh token', { typ: 'Refresh' }],
    ['a refresh token', { token_type: 'refresh' }],
    ['a token to share a file', { purpose: 'share' }],
    ['a list of purposes', { purpose: ['access'] }],
    ['no purpose', { purpose: null }],
  ])('is refused with %s that says so in a claim: %j', async (_, extra) => {
    await askWith(app, { payload: claims(extra) }).expect(401);
  });

  it.each([{ token_use: 'access' }, { typ: 'Bearer' }, { token_type: 'access' }, { purpose: 'access' }])(
    'is served with a token that says by a claim that it is for access: %j',
    async (extra) => {
      await askWith(app, { payload: claims(extra) }).expect(200);
    },
  );

  const spelt = (header: string, payload: string) => {
    const signed = [header, payload].map((part) => Buffer.from(part).toString('base64url')).join('.');
    return `Bearer ${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
  };
  it.each([
    ['tenants', '{"alg":"HS256"}', `{"tenant":"acme","exp":${now() + 60},"tenant":"globex"}`],
    [
      'tenants, one of them escaped',
      '{"alg":"HS256"}',
      `{"tenant":"acme","exp":${now() + 60},"\\u0074enant":"globex"}`,
    ],
    ['expiries', '{"alg":"HS256"}', `{"tenant":"acme","exp":1,"exp":${now() + 60}}`],
    ['algorithms', '{"alg":"none","alg":"HS256"}', `{"tenant":"acme","exp":${now() + 60}}`],
    ['key names', '{"alg":"HS256","kid":"a","kid":"b"}', `{"tenant":"acme","exp":${now() + 60}}`],
  ])('is refused with a token that has two %s, though it is signed', async (_, header_, payload_) => {
    await ask(app, spelt('{"alg":"HS256"}', `{"tenant":"acme","exp":${now() + 60}}`)).expect(200);
    await ask(app, spelt(header_, payload_)).expect(401);
  });

  it('is refused with a token that is nested beyond reason, and the next is served', async () => {
    const deep = `{"tenant":"acme","exp":${now() + 60},"a":${'['.repeat(2_500)}${']'.repeat(2_500)}}`;
    const { status } = await ask(app, spelt('{"alg":"HS256"}', deep));
    expect([200, 401]).toContain(status);
    await askWith(app, {}).expect(200);
  });

  it.each([
    [[`Bearer ${token()}`, `Bearer ${token({ payload: claims({ tenant: 'globex' }) })}`]],
    [[`Bearer ${token()}`, 'Bearer x']],
    [['Bearer x', `Bearer ${token()}`]],
    [[`Bearer ${token()}`, `Bearer ${token()}`]],
    [[`Bearer ${token()}`, '']],
  ])('is refused with two Authorization headers', async (both) => {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const headers = ['host', 'x', ...both.flatMap((value) => ['Authorization', value])];
    const asked = get({ port, host: '127.0.0.1', path: '/documents', headers });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(401);
  });

  it.each(['null', 'undefined', '""', '[]', '{}', 'true', '0', '%00', '*', 'e30.e30.e30', 'bnVsbA.bnVsbA.bnVsbA'])(
    'is refused with %s for a token',
    async (empty) => {
      for (const authorization of [empty, `Bearer ${empty}`, `Bearer phk_${empty}`]) {
        await ask(app, authorization).expect(401);
      }
    },
  );

  it.each(
    ['x-user', 'x-user-id', 'x-tenant', 'x-role', 'x-forwarded-user', 'x-forwarded-for', 'x-auth-request-user'].concat([
      'x-remote-user',
      'remote-user',
      'x-original-url',
      'x-http-method-override',
      'forwarded',
      'x-real-ip',
    ]),
  )('is nobody by the header %s alone, and no other with a token', async (name) => {
    for (const value of ['globex', 'admin', '127.0.0.1', '/about', 'for=127.0.0.1']) {
      await request(app.getHttpServer()).get('/documents').set(name, value).expect(401);
    }
    const { body } = await askWith(app, {}).set(name, 'globex');
    expect(body.principal).toEqual({ tenant: 'acme', role: 'reader', subject: 'ada' });
  });

  it('takes no key from the token', async () => {
    const secret = 'an attacker brings a key of his own, 32';
    const jwk = { kty: 'oct', k: Buffer.from(secret).toString('base64url') };
    await askWith(app, { header: { jwk, jku: 'http://127.0.0.1:1/', kid: '../../dev/null' }, secret }).expect(401);
  });

  it.each([
    ['whose payload is null', null],
    ['whose payload is a text', 'acme'],
    ['whose payload is a list', [claims()]],
    ['expired', claims({ exp: now() - 1 })],
    ['expiring this second', claims({ exp: now() })],
    ['without an expiry', claims({ exp: undefined })],
    ['with an expiry in text', claims({ exp: String(now() + 60) })],
    ['with an expiry of null', claims({ exp: null })],
    ['with an expiry of true', claims({ exp: true })],
    ['with a list of expiries', claims({ exp: [now() + 60] })],
    ['with an expiry below zero', claims({ exp: -1 })],
    ['with an expiry in milliseconds', claims({ exp: (now() + 60) * 1000 })],
    ['with an expiry beyond all time', claims({ exp: 1e300 })],
    ['expired half a second ago', claims({ exp: now() - 0.5 })],
    ['not valid before null', claims({ nbf: null })],
    ['not valid before the end of time', claims({ nbf: 1e300 })],
    ['not valid yet', claims({ nbf: now() + 60 })],
    ['valid from some text', claims({ nbf: 'now' })],
    ['without a tenant', claims({ tenant: undefined })],
    ['with the tenant null', claims({ tenant: null })],
    ['with a number for a tenant', claims({ tenant: 1 })],
    ['with true for a tenant', claims({ tenant: true })],
    ['with a list of tenants', claims({ tenant: ['acme'] })],
    ['with an object for a tenant', claims({ tenant: { toString: 'acme' } })],
    ['with an empty tenant', claims({ tenant: '' })],
    ['with a tenant that is a path', claims({ tenant: '../acme' })],
    ['with a tenant and a line break', claims({ tenant: 'acme\n' })],
    ['with a tenant of 64 characters', claims({ tenant: 'a'.repeat(64) })],
    ['with an unknown role', claims({ role: 'root' })],
    ['with a role in capitals', claims({ role: 'Admin' })],
    ['with an empty role', claims({ role: '' })],
    ['with the role null', claims({ role: null })],
    ['with a list of roles', claims({ role: ['admin'] })],
    ['with a subject that is no text', claims({ sub: 7 })],
  ])('is refused with a token %s', async (_, bad) => {
    const { status, body } = await askWith(app, { payload: bad });
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' });
  });

  it('learns that its token has expired, and of others only that they are not valid', async () => {
    const expired = await askWith(app, { payload: claims({ exp: 1 }) });
    const forged = await askWith(app, { secret: 'x'.repeat(32) });
    expect(expired.body.detail).toBe('The token has expired.');
    expect(forged.body.detail).toBe('The token is not valid here.');
  });
});

describe('a configured issuer and audience', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await serveFor({ issuer: 'https://issuer.example', audience: 'packhouse' });
  });
  const iss = 'https://issuer.example';

  it.each([[{ iss, aud: 'packhouse' }], [{ iss, aud: ['billing', 'packhouse'] }]])('accept %j', async (good) => {
    await askWith(app, { payload: claims(good) }).expect(200);
  });

  it.each([
    [{}],
    [{ iss }],
    [{ aud: 'packhouse' }],
    [{ iss, aud: 'billing' }],
    [{ iss, aud: ['billing', 'mail'] }],
    [{ iss, aud: [] }],
    [{ iss, aud: 'packhouse2' }],
    [{ iss, aud: ['packhous', 'e'] }],
    [{ iss: 'https://other.example', aud: 'packhouse' }],
    [{ iss: [iss], aud: 'packhouse' }],
    [{ iss: `${iss}/`, aud: 'packhouse' }],
  ])('refuse %j', async (bad) => {
    await askWith(app, { payload: claims(bad) }).expect(401);
  });
});

it('a token for an audience is refused where none is configured', async () => {
  const app = await serveFor({});
  await askWith(app, { payload: claims({ aud: 'billing' }) }).expect(401);
  await askWith(app, { payload: claims({ aud: [] }) }).expect(401);
});

it('the tenant may be in a claim of another name, which then is the only one looked at', async () => {
  const app = await serveFor({ tenantClaim: 'https://acme.example/org' });
  await askWith(app, { payload: claims() }).expect(401);
  const { body } = await askWith(app, { payload: claims({ tenant: 'globex', 'https://acme.example/org': 'initech' }) });
  expect(body.tenant).toBe('initech');
});

describe('a tolerance of 60 s', () => {
  const AT = 1_800_000_000;
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['an expiry 59 s ago', { exp: AT - 59 }, 200],
    ['an expiry 60 s ago', { exp: AT - 60 }, 401],
    ['an expiry 61 s ago', { exp: AT - 61 }, 401],
    ['a beginning in 59 s', { nbf: AT + 59 }, 200],
    ['a beginning in 60 s', { nbf: AT + 60 }, 200],
    ['a beginning in 61 s', { nbf: AT + 61 }, 401],
  ])("covers the issuer's clock to the second: %s", async (_, extra, status) => {
    const app = await serveFor({ clockToleranceSeconds: 60 });
    jest.spyOn(Date, 'now').mockReturnValue(AT * 1000);
    await askWith(app, { payload: { tenant: 'acme', exp: AT + 600, ...extra } }).expect(status);
  });

  it.each([
    ['an expiry in 1 s', { exp: AT + 1 }, 200],
    ['an expiry now', { exp: AT }, 401],
    ['a beginning now', { nbf: AT }, 200],
    ['a beginning in 1 s', { nbf: AT + 1 }, 401],
  ])('is not there by default: %s', async (_, extra, status) => {
    const app = await serveFor({});
    jest.spyOn(Date, 'now').mockReturnValue(AT * 1000);
    await askWith(app, { payload: { tenant: 'acme', exp: AT + 600, ...extra } }).expect(status);
  });
});

it('two apps in one process each believe their own tokens only', async () => {
  const other = 'the secret of another app, 32 bytes or so';
  const [first, second] = [await serve(), await serve({ auth: { secret: other } })];
  await askWith(first, {}).expect(200);
  await askWith(first, { secret: other }).expect(401);
  await askWith(second, { secret: other }).expect(200);
  await askWith(second, {}).expect(401);
});

describe('a role', () => {
  const roles = [undefined, 'reader', 'writer', 'admin'];
  it.each([
    ['get', '/documents', [200, 200, 200, 200]],
    ['post', '/documents', [403, 403, 201, 201]],
    ['post', '/tenants', [403, 403, 403, 201]],
  ] as const)('opens %s %s to those who may, and says 403 to others', async (verb, path, expected) => {
    const app = await serve();
    const statuses = [];
    for (const role of roles) {
      const asked = request(app.getHttpServer())[verb](path);
      const { status, body } = await asked.set('authorization', `Bearer ${token({ payload: claims({ role }) })}`);
      statuses.push(status);
      if (status === 403) expect(body).toMatchObject({ code: 'forbidden', error: { type: 'permission_error' } });
    }
    expect(statuses).toEqual(expected);
  });
});
