import type { KeyObject } from 'node:crypto';
import type { ProtectedHeaderParameters } from 'jose';
import passportJwt from 'passport-jwt';
import type { HttpRequest } from '../requests/http.js';
import { bearerCredential } from './bearer-credential.js';
import type { JwtOptions } from './jwt-options.js';
import { principalOf, type Principal } from './principal.js';
import { tokenHeader } from './token-header.js';
import type { VerificationKeys } from './verification-keys.js';

/** What a token's signature was verified by. */
interface Signed {
  readonly header: ProtectedHeaderParameters;
  readonly key: KeyObject;
}

/** A token that was good when it was verified. */
export interface VerifiedToken extends Signed {
  readonly principal: Principal;
  /** In seconds since 1970, without the tolerance. */
  readonly expiresAt: number;
}

/** The passport-jwt strategy whose user is a `VerifiedToken`: the practices of RFC 8725, one tenant a token. */
export function tenantStrategy(options: JwtOptions, { algorithms, keyFor }: VerificationKeys): passportJwt.Strategy {
  const { issuer, audience, clockToleranceSeconds = 0 } = options;
  const signed = new WeakMap<object, Signed>();
  const keyOf = async (request: object, token: string) => {
    const header = tokenHeader(token, algorithms);
    const key = await keyFor(header);
    signed.set(request, { header, key });
    return key;
  };
  const verification: passportJwt.StrategyOptionsWithRequest = {
    jwtFromRequest: (request: HttpRequest) => bearerCredential(request),
    secretOrKeyProvider: (request, token: string, done) =>
      keyOf(request, token)
        .then((key) => done(null, asSecret(key)))
        // Also what the verifier throws instead of reporting, as it does for the payload `null`.
        .catch(done),
    algorithms: [...algorithms],
    jsonWebTokenOptions: { clockTolerance: clockToleranceSeconds },
    issuer,
    audience,
    passReqToCallback: true,
  };
  return new passportJwt.Strategy(verification, (request, claims, done) => {
    const principal = principalOf(claims, options);
    const { exp } = claims as { exp: number };
    done(null, { ...(signed.get(request) as Signed), principal, expiresAt: exp } satisfies VerifiedToken);
  });
}

/** jsonwebtoken takes a KeyObject, and is fastest with one; passport-jwt's types do not know. */
const asSecret = (key: KeyObject) => key as unknown as Buffer;
