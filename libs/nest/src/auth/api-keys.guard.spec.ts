import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PackhouseError, tenantId, type TenantId } from '@packhouse/core';
import request from 'supertest';
import { closeAll, serve } from '../../fixtures/serve.js';
import { SECRET, token } from '../../fixtures/token.js';
import { apiKeyDigest, newApiKey } from './api-key.js';
import type { ApiKeys, StoredApiKey } from './auth-options.js';

const acme = tenantId('acme');
const [READER, ADMIN, ABSENT] = ['1', '2', '3'].map((digit) => `key_${digit.repeat(24)}`) as [string, string, string];

/** Keys as some store keeps them, under tenant and id. */
class Keys implements ApiKeys {
  readonly stored = new Map<string, StoredApiKey>();
  readonly lookups: string[] = [];
  readonly uses: string[] = [];
  failure: Error | undefined;

  add(tenant: TenantId, keyId: string, role: StoredApiKey['role']): string {
    const key = newApiKey(tenant, keyId);
    const used = async () => void this.uses.push(`${tenant} ${keyId}`);
    this.stored.set(`${tenant} ${keyId}`, { role, digest: apiKeyDigest(key), used });
    return key;
  }

  async find(tenant: TenantId, keyId: string) {
    this.lookups.push(`${tenant} ${keyId}`);
    if (this.failure) throw this.failure;
    return this.stored.get(`${tenant} ${keyId}`) ?? null;
  }
}

afterEach(closeAll);

describe('an API key', () => {
  let keys: Keys;
  let app: NestFastifyApplication;
  beforeEach(async () => {
    keys = new Keys();
    app = await serve({ auth: { secret: SECRET, apiKeys: keys } });
  });
  const ask = (key: string, path = '/documents') =>
    request(app.getHttpServer()).get(path).set('authorization', `Bearer ${key}`);

  it('opens its tenant, in its role, beside tokens', async () => {
    const { body } = await ask(keys.add(acme, READER, 'reader'));
    expect(body).toEqual({ principal: { tenant: 'acme', role: 'reader', subject: READER }, tenant: 'acme' });
    await ask(token()).expect(200);
  });

  it.each([
    ['reader', [200, 403, 403]],
    ['writer', [200, 201, 403]],
    ['admin', [200, 201, 201]],
  ] as const)('may do what a %s may', async (role, expected) => {
    const key = `Bearer ${keys.add(acme, READER, role)}`;
    const server = app.getHttpServer();
    const answers = [
      await request(server).get('/documents').set('authorization', key),
      await request(server).post('/documents').set('authorization', key),
      await request(server).post('/tenants').set('authorization', key),
    ];
    expect(answers.map(({ status }) => status)).toEqual(expected);
  });

  it('has its use told, once it was found good', async () => {
    const key = keys.add(acme, READER, 'reader');
    await ask(`${key.slice(0, -1)}${key.endsWith('A') ? 'Q' : 'A'}`).expect(401);
    expect(keys.uses).toEqual([]);
    await ask(key).expect(200);
    expect(keys.uses).toEqual([`acme ${READER}`]);
  });

  it('is refused at the next request after it was revoked', async () => {
    const key = keys.add(acme, READER, 'reader');
    await ask(key).expect(200);
    keys.stored.clear();
    await ask(key).expect(401);
  });

  it('is looked up for the tenant it names, and opens no other', async () => {
    const key = keys.add(acme, READER, 'admin');
    keys.add(tenantId('globex'), READER, 'admin');
    await ask(key.replace('acme', 'globex')).expect(401);
    expect(keys.lookups).toEqual([`globex ${READER}`]);
  });

  it('is as wrong whether its id is known or its secret is not', async () => {
    const key = keys.add(acme, READER, 'reader');
    const wrong = await ask(`${key.slice(0, -43)}${'A'.repeat(43)}`);
    const unknown = await ask(`${key.replace(READER, ABSENT)}`);
    const plain = ({ status, body }: request.Response) => ({ status, body: { ...body, request_id: '' } });
    expect(plain(wrong)).toEqual(plain(unknown));
    expect(wrong.status).toBe(401);
  });

  it.each([
    ['another half', (key: string) => key.slice(0, -20)],
    ['another secret', (key: string) => `${key.slice(0, -43)}${'A'.repeat(43)}`],
    ['no secret', (key: string) => key.slice(0, -43)],
    ['its digest for a secret', (key: string) => `${key.slice(0, -43)}${apiKeyDigest(key).toString('base64url')}`],
    ['NUL behind it', (key: string) => `${key}%00`],
    ['two of it', (key: string) => `${key} ${key}`],
    ['SQL in its id', (key: string) => key.replace(READER, "key_' or 1=1 --")],
  ])('is refused with %s', async (_, change) => {
    await ask(change(keys.add(acme, READER, 'reader'))).expect(401);
    expect(keys.uses).toEqual([]);
  });

  it('is no good beside the header: in the query, a cookie, or another one', async () => {
    const key = keys.add(acme, READER, 'admin');
    const asked = request(app.getHttpServer()).get('/documents').query({ api_key: key, key });
    await asked.set('x-api-key', key).set('api-key', key).set('cookie', `api_key=${key}`).expect(401);
    expect(keys.lookups).toEqual([]);
  });

  it('is 503 while it cannot be looked up: nobody passes by a failure', async () => {
    const key = keys.add(acme, READER, 'reader');
    await ask(key).expect(200);
    keys.failure = new PackhouseError('unavailable', 'The database cannot be used now.');
    await ask(key).expect(503);
  });

  it('is refused where no keys are kept', async () => {
    const without = await serve();
    const asked = request(without.getHttpServer()).get('/documents');
    await asked.set('authorization', `Bearer ${keys.add(acme, READER, 'admin')}`).expect(401);
  });
});

describe('a suspended tenant', () => {
  const suspended = new Set<string>();
  const questions: string[] = [];
  let down = false;
  const isSuspended = async (tenant: TenantId) => {
    questions.push(tenant);
    if (down) throw new PackhouseError('unavailable', 'The database cannot be used now.');
    return suspended.has(tenant);
  };
  /** The clock of the answers stands still, however slow the machine is, and goes on by this alone. */
  const later = (seconds: number) => jest.spyOn(performance, 'now').mockReturnValue(seconds * 1_000);
  beforeEach(() => {
    later(0);
    suspended.clear();
    questions.length = 0;
    down = false;
  });
  afterEach(() => jest.restoreAllMocks());

  const opened = async () => {
    const keys = new Keys();
    const app = await serve({ auth: { secret: SECRET, apiKeys: keys, isSuspended } });
    const ask = (credential: string) =>
      request(app.getHttpServer()).get('/documents').set('authorization', `Bearer ${credential}`);
    return { ask, key: keys.add(acme, ADMIN, 'admin'), other: keys.add(tenantId('globex'), READER, 'reader') };
  };

  it('is refused by token and by key within 5 s, and others are not', async () => {
    const { ask, key, other } = await opened();
    for (const credential of [token(), key, other]) await ask(credential).expect(200);
    suspended.add('acme');
    later(5.1);
    for (const credential of [token(), key]) {
      const { status, body } = await ask(credential);
      expect([status, body.code]).toEqual([403, 'forbidden']);
    }
    await ask(other).expect(200);
  });

  it('is served again within 5 s of being resumed', async () => {
    suspended.add('acme');
    const { ask } = await opened();
    await ask(token()).expect(403);
    suspended.clear();
    later(5.1);
    await ask(token()).expect(200);
  });

  it('is asked about once in 5 s, however many call', async () => {
    const { ask } = await opened();
    await Promise.all(Array.from({ length: 20 }, () => ask(token())));
    expect(questions).toEqual(['acme']);
  });

  it('may be anyone while the answer cannot be had: 503, and asked again at once', async () => {
    const { ask } = await opened();
    down = true;
    await ask(token()).expect(503);
    down = false;
    await ask(token()).expect(200);
    later(5.1);
    down = true;
    await ask(token()).expect(503);
  });

  it('shows itself to its own callers alone: a forged token is 401', async () => {
    suspended.add('acme');
    const { ask } = await opened();
    await ask(token({ secret: 'x'.repeat(32) })).expect(401);
    expect(questions).toEqual([]);
  });
});
