import { tenantId } from '@packhouse/core';
import { apiKeyDigest, newApiKey, parseApiKey } from './api-key.js';

const KEY_ID = 'key_01jdk3v5w8x2y4z6a7b9c1d2';
const acme = tenantId('acme');

describe('an API key', () => {
  it('begins so that scanners find it, says whose it is, and hides 256 bits', () => {
    const key = newApiKey(acme, KEY_ID);
    expect(key).toMatch(/^phk_acme_key_01jdk3v5w8x2y4z6a7b9c1d2_[\w-]{43}$/);
    expect(Buffer.from(key.slice(-43), 'base64url')).toHaveLength(32);
  });

  it('is another each time: nothing that is known of it leads to it', () => {
    const secrets = Array.from({ length: 1_000 }, () => newApiKey(acme, KEY_ID).slice(-43));
    expect(new Set(secrets).size).toBe(1_000);
    // Each of the 256 bits is set in about half of them.
    for (let bit = 0; bit < 256; bit += 1) {
      const set = secrets.filter((secret) => Buffer.from(secret, 'base64url')[bit >> 3]! & (1 << (bit & 7))).length;
      expect(Math.abs(set - 500)).toBeLessThan(110);
    }
  });

  it.each(['a', 'acme', 'a_b', 'a_key_01jdk3v5w8x2y4z6a7b9c1d2_', 'a.b-c', 'x'.repeat(63)])(
    'tells its tenant apart from the rest of it: %s',
    (name) => {
      const tenant = tenantId(name);
      const key = newApiKey(tenant, KEY_ID);
      expect(parseApiKey(key)).toEqual({ tenant, keyId: KEY_ID, digest: apiKeyDigest(key) });
    },
  );

  const key = newApiKey(acme, KEY_ID);
  it.each([
    ['', 'nothing'],
    ['phk_', 'the prefix alone'],
    [key.slice(0, -1), 'one character less'],
    [`${key}a`, 'one character more'],
    [`${key}\n`, 'a line break'],
    [key.replace('phk_', 'PHK_'), 'another prefix'],
    [key.replace('acme', ''), 'no tenant'],
    [key.replace('acme', '../etc'), 'a path'],
    [key.replace('acme', "a'--"), 'SQL'],
    [key.replace('acme', 'x'.repeat(64)), 'a tenant of 64 characters'],
    [key.replace('key_01', 'key_0u'), 'a letter that no id has'],
  ])('is not %j (%s)', (text) => {
    expect(parseApiKey(text)).toBeUndefined();
  });
});
