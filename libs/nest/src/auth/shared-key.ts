import { createSecretKey, type KeyObject } from 'node:crypto';
import { PackhouseError } from '@packhouse/core';
import type { VerificationKeys } from './verification-keys.js';

/** A key as long as the hash, as RFC 7518, 3.2 demands. In bytes. */
const SHORTEST_SECRET = 32;

/** @throws PackhouseError `invalid_request` for a secret that is too short, or no secret at all but a key of a pair */
export function sharedKey(secret: string | KeyObject): VerificationKeys {
  // A KeyObject also because jsonwebtoken tries to parse a bare string as PEM first: 40 times the time, on each request.
  const key = typeof secret === 'string' ? keyOf(secret) : secret;
  if (key.type !== 'secret') throw new PackhouseError('invalid_request', "The tokens' secret is no secret key.");
  return { algorithms: ['HS256'], keyFor: async () => key };
}

function keyOf(secret: string): KeyObject {
  if (Buffer.byteLength(secret) >= SHORTEST_SECRET) return createSecretKey(secret, 'utf8');
  throw new PackhouseError('invalid_request', `The tokens' secret must have at least ${SHORTEST_SECRET} bytes.`);
}
