import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type GenerateKeyPairResult } from 'jose';
import request from 'supertest';
import { closeAll, serve } from '../../fixtures/serve.js';
import { claims, token } from '../../fixtures/token.js';

type Algorithm = 'RS256' | 'ES256' | 'PS256' | 'ES384';

interface Signer extends GenerateKeyPairResult {
  kid: string;
  alg: Algorithm;
}

async function signer(kid: string, alg: Algorithm): Promise<Signer> {
  return { kid, alg, ...(await generateKeyPair(alg, { extractable: true })) };
}

const published = async ({ kid, publicKey }: Signer) => ({ kid, use: 'sig', ...(await exportJWK(publicKey)) });

const signed = ({ kid, alg, privateKey }: Signer, header: Record<string, unknown> = {}) =>
  new SignJWT(claims()).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);

/** An issuer's key server: what it publishes, how it answers and how often it was asked are in the test's hands. */
class KeyServer {
  keys: Signer[] = [];
  answer: 'keys' | 'error' | 'silence' | 'garbage' = 'keys';
  fetches = 0;
  private readonly server: Server = createServer(async (_, response) => {
    this.fetches += 1;
    const body = JSON.stringify({ keys: await Promise.all(this.keys.map(published)) });
    if (this.answer === 'keys') response.end(body);
    if (this.answer === 'garbage') response.end('<html>');
    if (this.answer === 'error') response.writeHead(500).end();
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks.json`;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const keyServers: KeyServer[] = [];

async function issuer(...keys: Signer[]) {
  const keyServer = Object.assign(new KeyServer(), { keys });
  keyServers.push(keyServer);
  const app = await serve({ auth: { jwksUrl: await keyServer.listen() } });
  const ask = (jwt: string) => request(app.getHttpServer()).get('/documents').set('authorization', `Bearer ${jwt}`);
  return { keyServer, ask };
}

const realNow = Date.now.bind(Date);

let stopped: number;

/** The clock by which keys age stands still, however slow the machine is, and goes on by this alone. */
function later(seconds: number) {
  jest.spyOn(Date, 'now').mockReturnValue(stopped + seconds * 1000);
}

beforeEach(() => {
  stopped = realNow();
  later(0);
});

let rsa: Signer;
let ec: Signer;
beforeAll(async () => {
  rsa = await signer('rsa-1', 'RS256');
  ec = await signer('ec-1', 'ES256');
});

afterEach(async () => {
  jest.restoreAllMocks();
  keyServers.splice(0).forEach((keyServer) => keyServer.close());
  await closeAll();
});

describe("an issuer's published keys", () => {
  it('verify RS256 and ES256, and are fetched once for all', async () => {
    const { keyServer, ask } = await issuer(rsa, ec);
    const tokens = await Promise.all([rsa, ec, rsa, ec, rsa, ec].map((key) => signed(key)));
    const answers = await Promise.all(tokens.map((jwt) => ask(jwt)));
    expect(answers.map(({ status, body }) => [status, body.tenant])).toEqual(answers.map(() => [200, 'acme']));
    expect(keyServer.fetches).toBe(1);
  });

  it('refuse HS256 signed with the public key, in any spelling of it', async () => {
    const { keyServer, ask } = await issuer(rsa);
    const pem = await exportSPKI(rsa.publicKey);
    const der = Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64').toString('latin1');
    const jwk = JSON.stringify(await published(rsa));
    for (const secret of [pem, pem.trim(), `${pem}\n`, der, jwk]) {
      await ask(token({ header: { kid: rsa.kid }, secret })).expect(401);
    }
    expect(keyServer.fetches).toBe(0);
  });

  it.each(['none', 'NONE', 'HS512', 'RS512', ''])('refuse the algorithm %p without asking for keys', async (alg) => {
    const { keyServer, ask } = await issuer(rsa);
    const { status } = await ask(token({ header: { alg, kid: rsa.kid } }));
    expect({ status, fetches: keyServer.fetches }).toEqual({ status: 401, fetches: 0 });
  });

  it('refuse a published key of another algorithm', async () => {
    const [pss, p384] = [await signer('pss', 'PS256'), await signer('p384', 'ES384')];
    const { ask } = await issuer(pss, p384);
    await ask(await signed(pss)).expect(401);
    await ask(await signed(p384)).expect(401);
  });

  it.each([1024, 2047, 2048])('refuse RSA below 2048 bits: %i', async (modulusLength) => {
    const pair = generateKeyPairSync('rsa', { modulusLength });
    const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'small', use: 'sig' };
    const keyServer = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
    await once(keyServer.listen(0, '127.0.0.1'), 'listening');
    const app = await serve({
      auth: { jwksUrl: `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/` },
    });
    const unsigned = token({ header: { alg: 'RS256', kid: 'small' } })
      .split('.')
      .slice(0, 2)
      .join('.');
    const jwt = `${unsigned}.${sign('sha256', Buffer.from(unsigned), pair.privateKey).toString('base64url')}`;
    const asked = request(app.getHttpServer()).get('/documents').set('authorization', `Bearer ${jwt}`);
    expect((await asked).status).toBe(modulusLength < 2048 ? 401 : 200);
    keyServer.close();
  });

  it('refuse a shared secret that is published among them', async () => {
    const secret = 'published by mistake, more than 32 bytes';
    const jwk = { kty: 'oct', kid: 'oct', alg: 'HS256', k: Buffer.from(secret).toString('base64url') };
    const keyServer = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
    await once(keyServer.listen(0, '127.0.0.1'), 'listening');
    const app = await serve({
      auth: { jwksUrl: `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/` },
    });
    const forged = token({ header: { kid: 'oct' }, secret });
    await request(app.getHttpServer()).get('/documents').set('authorization', `Bearer ${forged}`).expect(401);
    keyServer.close();
  });

  it('refuse a signature by a key that is not among them, whatever name it takes', async () => {
    const { ask } = await issuer(rsa);
    const forger = await signer(rsa.kid, 'RS256');
    await ask(await signed(forger)).expect(401);
    await ask(await signed(forger, { jwk: await published(forger), jku: 'http://127.0.0.1:1/', x5u: 'x' })).expect(401);
  });

  it.each([
    ['../../etc/passwd'],
    ["' or 1=1 --"],
    ['http://127.0.0.1:1/'],
    [''],
    ['k'.repeat(4000)],
    [7],
    [{}],
    [null],
  ])('refuse the key name %j', async (kid) => {
    const { ask } = await issuer(rsa, await signer('rsa-2', 'RS256'));
    await ask(token({ header: { alg: 'RS256', kid } })).expect(401);
  });

  it('are looked up again for a new key: a rotation needs no restart', async () => {
    const { keyServer, ask } = await issuer(rsa);
    await ask(await signed(rsa)).expect(200);
    const next = await signer('rsa-2', 'RS256');
    keyServer.keys = [next];
    later(6);
    await ask(await signed(next)).expect(200);
    await ask(await signed(rsa)).expect(401);
  });

  it('are dropped within ten minutes of their withdrawal', async () => {
    const { keyServer, ask } = await issuer(rsa, ec);
    const jwt = await new SignJWT(claims({ exp: Math.floor(Date.now() / 1000) + 3600 }))
      .setProtectedHeader({ alg: 'RS256', kid: rsa.kid })
      .sign(rsa.privateKey);
    await ask(jwt).expect(200);
    keyServer.keys = [ec];
    later(601);
    await ask(jwt).expect(401);
  });

  it('that take the place of others under their names end what these let in', async () => {
    const { keyServer, ask } = await issuer(rsa);
    const jwt = await new SignJWT(claims({ exp: Math.floor(Date.now() / 1000) + 3600 }))
      .setProtectedHeader({ alg: 'RS256', kid: rsa.kid })
      .sign(rsa.privateKey);
    await ask(jwt).expect(200);
    keyServer.keys = [await signer(rsa.kid, 'RS256')];
    later(601);
    await ask(jwt).expect(401);
  });

  it('are fetched at most once in 5 s, however many unknown keys are named', async () => {
    const { keyServer, ask } = await issuer(rsa);
    await ask(await signed(rsa)).expect(200);
    const flood = Array.from({ length: 100 }, (_, n) => ask(token({ header: { alg: 'RS256', kid: `unknown-${n}` } })));
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(keyServer.fetches).toBe(1);
    later(6);
    await Promise.all(Array.from({ length: 20 }, (_, n) => ask(token({ header: { alg: 'RS256', kid: `more-${n}` } }))));
    expect(keyServer.fetches).toBe(2);
    await ask(await signed(rsa)).expect(200);
  });

  it('are asked for once in 5 s while their server fails and unknown keys flood in, and serve on', async () => {
    const { keyServer, ask } = await issuer(rsa);
    const jwt = await signed(rsa);
    await ask(jwt).expect(200);
    keyServer.answer = 'error';
    for (const [round, seconds] of [6, 12, 18].entries()) {
      later(seconds);
      const unknown = (n: number) => token({ header: { alg: 'RS256', kid: `unknown-${n}` }, payload: { tenant: 'a' } });
      const flood = await Promise.all(Array.from({ length: 30 }, (_, n) => ask(unknown(n))));
      expect(flood.filter(({ status }) => status === 200)).toEqual([]);
      expect(keyServer.fetches).toBe(round + 2);
      await ask(jwt).expect(200);
    }
  });

  it('accept a new key within 5 s of its publication, and refuse the old one from then on', async () => {
    const next = await signer('ec-2', 'ES256');
    const { keyServer, ask } = await issuer(rsa);
    await ask(await signed(rsa)).expect(200);
    keyServer.keys = [next];
    later(4.9);
    await ask(await signed(next)).expect(401);
    later(5.1);
    await ask(await signed(next)).expect(200);
    await ask(await signed(rsa)).expect(401);
  });

  it.each(['error', 'garbage'] as const)(
    'that never came (%s) make it 503, not 401, and come later',
    async (answer) => {
      const { keyServer, ask } = await issuer(rsa);
      keyServer.answer = answer;
      const { status, headers, body } = await ask(await signed(rsa));
      expect({ status, code: body.code, retryable: body.retryable }).toEqual({
        status: 503,
        code: 'unavailable',
        retryable: true,
      });
      expect(headers['retry-after']).toBe('5');
      keyServer.answer = 'keys';
      later(6);
      await ask(await signed(rsa)).expect(200);
    },
  );

  it('are not asked for again at once of a server that has just failed', async () => {
    const { keyServer, ask } = await issuer(rsa);
    keyServer.answer = 'error';
    for (let n = 0; n < 5; n += 1) await ask(await signed(rsa)).expect(503);
    expect(keyServer.fetches).toBe(1);
  });

  it('are waited for 5 s at most', async () => {
    const { keyServer, ask } = await issuer(rsa);
    keyServer.answer = 'silence';
    const started = realNow();
    await ask(await signed(rsa)).expect(503);
    expect(realNow() - started).toBeLessThan(7_000);
  });

  it('serve on for a while when their server is gone, and nobody passes after that', async () => {
    const { keyServer, ask } = await issuer(rsa);
    const jwt = await signed(rsa);
    await ask(jwt).expect(200);
    keyServer.close();
    later(30);
    await ask(jwt).expect(200);
    later(601);
    await ask(jwt).expect(503);
  });
});
