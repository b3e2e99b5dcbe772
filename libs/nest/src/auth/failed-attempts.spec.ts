import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { tenantId } from '@packhouse/core';
import request from 'supertest';
import { closeAll, serve } from '../../fixtures/serve.js';
import { SECRET, token } from '../../fixtures/token.js';
import { apiKeyDigest, newApiKey } from './api-key.js';
import { failedAttempts } from './failed-attempts.js';

const MOST = 30;
const [FIRST, SECOND] = ['1', '2'].map((digit) => `key_${digit.repeat(24)}`) as [string, string];
const [key, otherKey] = [FIRST, SECOND].map((keyId) => newApiKey(tenantId('acme'), keyId)) as [string, string];
const wrongKey = `${key.slice(0, -43)}${'A'.repeat(43)}`;
const wrongToken = token({ secret: 'x'.repeat(32) });

/** The clock of the counts stands still, however slow the machine is, and goes on by this alone. */
const later = (seconds: number) => jest.spyOn(performance, 'now').mockReturnValue(seconds * 1_000);
beforeEach(() => void later(0));

let app: NestFastifyApplication;
let lookups: string[];

/** With the limit as it is by default, and two keys. */
async function start({ trustProxy = true } = {}) {
  const digests = new Map([FIRST, SECOND].map((keyId, at) => [keyId, apiKeyDigest([key, otherKey][at] as string)]));
  lookups = [];
  const find = async (_: string, keyId: string) => {
    lookups.push(keyId);
    const digest = digests.get(keyId);
    return digest ? { digest, role: 'reader' as const } : null;
  };
  app = await serve({ auth: { secret: SECRET, apiKeys: { find }, failuresPerMinute: undefined }, trustProxy });
}

const ask = (credential: string, from = '192.0.2.1') =>
  request(app.getHttpServer())
    .get('/documents')
    .set('authorization', `Bearer ${credential}`)
    .set('x-forwarded-for', from);

/** Asked one after the other, each from where `from` says. */
async function statuses(times: number, credential: string, from: (turn: number) => string = () => '192.0.2.1') {
  const found: number[] = [];
  for (let turn = 0; turn < times; turn += 1) found.push((await ask(credential, from(turn))).status);
  return found;
}
const all = (times: number, status: number) => Array.from({ length: times }, () => status);

afterEach(async () => {
  jest.restoreAllMocks();
  await closeAll();
});

describe('an address that was wrong 30 times in a minute', () => {
  it.each([
    ['tokens', wrongToken],
    ['API keys', wrongKey],
    ['what is neither', 'phk_'],
  ])('is told to wait, and for how long: %s', async (_, wrong) => {
    await start();
    expect(await statuses(MOST, wrong)).toEqual(all(MOST, 401));
    const { status, headers, body } = await ask(wrong);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(body).toMatchObject({ status: 429, retryable: true, error: { type: 'rate_limit_error' } });
  });

  it('may try again when the minute is over', async () => {
    await start();
    await statuses(MOST + 1, wrongToken);
    later(61);
    await ask(wrongToken).expect(401);
  });

  it('has no further key looked up', async () => {
    await start();
    await statuses(MOST, wrongKey);
    lookups = [];
    await ask(wrongKey).expect(429);
    await ask(otherKey).expect(429);
    expect(lookups).toEqual([]);
  });

  it('holds up no good token of its own, and no key that was good before', async () => {
    await start();
    await ask(key).expect(200);
    await statuses(MOST + 1, wrongToken);
    await ask(token()).expect(200);
    await Promise.all(Array.from({ length: 5 }, () => ask(key).expect(200)));
  });

  it('holds up no other address', async () => {
    await start();
    await statuses(MOST + 1, wrongKey);
    await ask(key, '192.0.2.2').expect(200);
    await ask(wrongKey, '192.0.2.2').expect(401);
  });

  it('is one subscriber’s whole network where it is IPv6', async () => {
    await start();
    await statuses(MOST, wrongToken, (turn) => `2001:db8::${turn.toString(16)}`);
    await ask(wrongToken, '2001:db8::ffff').expect(429);
    await ask(wrongToken, '2001:db8:0:1::1').expect(401);
  });

  it('is the peer’s own, whatever its headers say, unless it is a trusted proxy', async () => {
    await start({ trustProxy: false });
    await statuses(MOST, wrongToken, (turn) => `192.0.2.${turn}`);
    await ask(wrongToken, '192.0.2.99').expect(429);
  });

  it('does not become so by asking without credentials', async () => {
    await start();
    const bare = () => request(app.getHttpServer()).get('/documents').set('x-forwarded-for', '192.0.2.1');
    for (let turn = 0; turn <= MOST; turn += 1) await bare().expect(401);
    await ask(wrongToken).expect(401);
  });
});

describe('a key that was tried 30 times in a minute, each time from elsewhere', () => {
  const elsewhere = (turn: number) => `192.0.2.${turn}`;

  it('is refused to addresses that have failed at it', async () => {
    await start();
    expect(await statuses(MOST, wrongKey, elsewhere)).toEqual(all(MOST, 401));
    expect(await statuses(MOST, wrongKey, elsewhere)).toEqual(all(MOST, 429));
    expect(Number((await ask(wrongKey, elsewhere(0))).headers['retry-after'])).toBeGreaterThan(0);
  });

  it('still opens for its owner, who was never wrong', async () => {
    await start();
    await statuses(MOST + 5, wrongKey, elsewhere);
    await ask(key, '198.51.100.7').expect(200);
  });

  it('leaves other keys alone', async () => {
    await start();
    await statuses(MOST + 5, wrongKey, elsewhere);
    await ask(otherKey, elsewhere(0)).expect(200);
  });
});

describe('the counts', () => {
  it('take no more room however many addresses are wrong', () => {
    const attempts = failedAttempts(1);
    for (let turn = 0; turn < 50_000; turn += 1) attempts.note({ network: `n${turn}` });
    expect(attempts.refusal({ network: 'n0' })).toBeUndefined();
    expect(attempts.refusal({ network: 'n49999' })).toBeDefined();
  });
});
