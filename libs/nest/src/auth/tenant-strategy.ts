import type { KeyObject } from 'node:crypto';
import passportJwt from 'passport-jwt';
import type { HttpRequest } from '../requests/http.js';
import { bearerCredential } from './bearer-credential.js';
import type { JwtOptions } from './jwt-options.js';
import { principalOf } from './principal.js';
import { tokenHeader } from './token-header.js';
import { configuredKeys } from './configured-keys.js';

/** The passport-jwt strategy whose user is a `Principal`: the practices of RFC 8725, one tenant a token. */
export function tenantStrategy(options: JwtOptions): passportJwt.Strategy {
  const { issuer, audience, clockToleranceSeconds = 0 } = options;
  const { algorithms, keyFor } = configuredKeys(options);
  const verification: passportJwt.StrategyOptionsWithoutRequest = {
    jwtFromRequest: (request: HttpRequest) => bearerCredential(request),
    secretOrKeyProvider: (_request, token: string, done) =>
      Promise.resolve()
        .then(() => keyFor(tokenHeader(token, algorithms)))
        .then((key) => done(null, asSecret(key)))
        // Also what the verifier throws instead of reporting, as it does for the payload `null`.
        .catch(done),
    algorithms: [...algorithms],
    jsonWebTokenOptions: { clockTolerance: clockToleranceSeconds },
    issuer,
    audience,
  };
  return new passportJwt.Strategy(verification, (claims, done) => done(null, principalOf(claims, options)));
}

/** jsonwebtoken takes a KeyObject, and is fastest with one; passport-jwt's types do not know. */
const asSecret = (key: KeyObject) => key as unknown as Buffer;
