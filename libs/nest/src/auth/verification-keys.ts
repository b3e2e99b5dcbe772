import type { KeyObject } from 'node:crypto';
import { PackhouseError } from '@packhouse/core';
import type { ProtectedHeaderParameters } from 'jose';
import type { JwtOptions } from './jwt-options.js';
import { publishedKeys } from './published-keys.js';
import { sharedKey } from './shared-key.js';

/** Keys, and the only algorithms they are good for: a key never meets an algorithm of the other kind. */
export interface VerificationKeys {
  readonly algorithms: readonly ('HS256' | 'RS256' | 'ES256')[];
  /** @throws PackhouseError `unauthenticated` without such a key, `unavailable` where that cannot be known now */
  keyFor(header: ProtectedHeaderParameters): Promise<KeyObject>;
}

/** @throws PackhouseError `invalid_request` at once unless exactly one sound `secret` or `jwksUrl` is given */
export function verificationKeys({ secret, jwksUrl }: JwtOptions): VerificationKeys {
  if (secret !== undefined && jwksUrl === undefined) return sharedKey(secret);
  if (jwksUrl !== undefined && secret === undefined) return publishedKeys(jwksUrl);
  throw new PackhouseError('invalid_request', 'Give exactly one of `secret` and `jwksUrl` to verify tokens with.');
}
