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
  ])('is refused with %s', async (_, extra) => {
    await askWith(app, { header: extra }).expect(401);
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

it("a tolerance covers the issuer's clock, and no more", async () => {
  const app = await serveFor({ clockToleranceSeconds: 60 });
  await askWith(app, { payload: claims({ exp: now() - 55 }) }).expect(200);
  await askWith(app, { payload: claims({ nbf: now() + 55 }) }).expect(200);
  await askWith(app, { payload: claims({ exp: now() - 61 }) }).expect(401);
  await askWith(app, { payload: claims({ nbf: now() + 70 }) }).expect(401);
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
