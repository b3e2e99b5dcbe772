import { PackhouseError } from '@packhouse/core';
import passport from 'passport';
import type { HttpRequest } from '../requests/http.js';
import type { JwtOptions } from './jwt-options.js';
import type { Principal } from './principal.js';
import { tenantStrategy } from './tenant-strategy.js';

/**
 * Reads who calls from the request's token.
 *
 * @throws PackhouseError `invalid_request` at once for options that cannot verify anything; `unauthenticated` and
 *   `unavailable` for a request
 */
export function tokenHolder(options: JwtOptions): (request: HttpRequest) => Promise<Principal> {
  // Passport's default registry is the whole process's: a second app in it would replace this one's strategy.
  const registry = new passport.Passport();
  registry.use('tenant', tenantStrategy(options));
  return (request) =>
    new Promise((resolve, reject) => {
      const settle = (error: unknown, principal: Principal | false | null, info: unknown) =>
        principal ? resolve(principal) : reject(refusal(error ?? info));
      registry.authenticate('tenant', { session: false }, settle)(request, undefined, reject);
    });
}

function refusal(cause: unknown): PackhouseError {
  if (PackhouseError.isInstance(cause)) return cause;
  const expired = cause instanceof Error && cause.name === 'TokenExpiredError';
  return new PackhouseError('unauthenticated', expired ? 'The token has expired.' : 'The token is not valid here.', {
    cause,
  });
}
