import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { PackhouseError } from '@packhouse/core';
import { configuredKeys } from './configured-keys.js';

const secret = 'x'.repeat(32);
const jwksUrl = 'https://issuer.example/jwks.json';

describe('the keys that tokens are verified with', () => {
  it('fix the algorithms', () => {
    expect(configuredKeys({ secret }).algorithms).toEqual(['HS256']);
    expect(configuredKeys({ jwksUrl }).algorithms).toEqual(['RS256', 'ES256']);
  });

  it('may be a secret key object, of any length', async () => {
    const key = createSecretKey(randomBytes(16));
    await expect(configuredKeys({ secret: key }).keyFor({})).resolves.toBe(key);
  });

  it.each([
    ['neither secret nor URL', {}],
    ['both', { secret, jwksUrl }],
    ['an empty secret', { secret: '' }],
    ['a secret of 31 bytes', { secret: 'x'.repeat(31) }],
    ['a public key for a secret', { secret: generateKeyPairSync('ed25519').publicKey }],
    ['no URL', { jwksUrl: 'issuer.example' }],
    ['a file', { jwksUrl: 'file:///etc/keys.json' }],
  ])('are refused at once: %s', (_, options) => {
    expect(() => configuredKeys(options)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(() => configuredKeys(options)).toThrow(PackhouseError);
  });
});
