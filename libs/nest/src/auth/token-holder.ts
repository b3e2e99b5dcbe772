import type { KeyObject } from 'node:crypto';
import { PackhouseError } from '@packhouse/core';
import passport from 'passport';
import type { HttpRequest } from '../requests/http.js';
import { bearerCredential } from './bearer-credential.js';
import { BoundedMap } from './bounded-map.js';
import { configuredKeys } from './configured-keys.js';
import type { JwtOptions } from './jwt-options.js';
import type { Principal } from './principal.js';
import { tenantStrategy, type VerifiedToken } from './tenant-strategy.js';

/** Tokens whose verification is remembered. Of 8 KiB each at most. */
const MOST_KNOWN_TOKENS = 2_000;

/**
 * Reads who calls from the request's token. A token is verified once under a key: which key that is, and the time, are
 * looked at with each request, so one whose key was withdrawn or that has expired is let in no longer than a new one.
 *
 * @throws PackhouseError `invalid_request` at once for options that cannot verify anything; `unauthenticated` and
 *   `unavailable` for a request
 */
export function tokenHolder(options: JwtOptions): (request: HttpRequest) => Promise<Principal> {
  const keys = configuredKeys(options);
  const verify = verifiedBy(tenantStrategy(options, keys));
  const known = new BoundedMap<string, VerifiedToken>(MOST_KNOWN_TOKENS);
  const isGood = async ({ header, key, expiresAt }: VerifiedToken) =>
    Date.now() / 1000 < expiresAt + (options.clockToleranceSeconds ?? 0) && isSame(await keys.keyFor(header), key);
  return async (request) => {
    const token = bearerCredential(request);
    const before = known.get(token);
    if (before && (await isGood(before))) return { ...before.principal };
    const verified = await verify(request);
    known.set(token, verified);
    return { ...verified.principal };
  };
}

function verifiedBy(strategy: passport.Strategy): (request: HttpRequest) => Promise<VerifiedToken> {
  // Passport's default registry is the whole process's: a second app in it would replace this one's strategy.
  const registry = new passport.Passport();
  registry.use('tenant', strategy);
  return (request) =>
    new Promise((resolve, reject) => {
      const settle = (error: unknown, token: VerifiedToken | false | null, info: unknown) =>
        token ? resolve(token) : reject(refusal(error ?? info));
      registry.authenticate('tenant', { session: false }, settle)(request, undefined, reject);
    });
}

const isSame = (key: KeyObject, other: KeyObject) => key === other || key.equals(other);

function refusal(cause: unknown): PackhouseError {
  if (PackhouseError.isInstance(cause)) return cause;
  const expired = cause instanceof Error && cause.name === 'TokenExpiredError';
  return new PackhouseError('unauthenticated', expired ? 'The token has expired.' : 'The token is not valid here.', {
    cause,
  });
}
