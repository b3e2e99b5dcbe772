import { PackhouseError } from '@packhouse/core';
import type { JwtOptions } from './jwt-options.js';
import { publishedKeys } from './published-keys.js';
import { sharedKey } from './shared-key.js';
import type { VerificationKeys } from './verification-keys.js';

/** @throws PackhouseError `invalid_request` at once unless exactly one sound `secret` or `jwksUrl` is given */
export function configuredKeys({ secret, jwksUrl }: JwtOptions): VerificationKeys {
  if (secret !== undefined && jwksUrl === undefined) return sharedKey(secret);
  if (jwksUrl !== undefined && secret === undefined) return publishedKeys(jwksUrl);
  throw new PackhouseError('invalid_request', 'Give exactly one of `secret` and `jwksUrl` to verify tokens with.');
}
