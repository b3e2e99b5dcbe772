import { PackhouseError } from '@packhouse/core';
import type { HttpRequest } from '../requests/http.js';
import { admission } from './admission.js';
import { parseApiKey, type ParsedApiKey } from './api-key.js';
import type { AuthOptions } from './auth-options.js';
import { bearerCredential } from './bearer-credential.js';
import { BoundedMap } from './bounded-map.js';
import { clientNetwork } from './client-network.js';
import { failedAttempts } from './failed-attempts.js';
import { keyHolder } from './key-holder.js';
import type { Principal } from './principal.js';
import { tokenHolder } from './token-holder.js';

/** Names the caller of a request. @throws PackhouseError `unauthenticated`, `forbidden`, `unavailable`; TooManyAttempts */
export type Authenticate = (request: HttpRequest) => Promise<Principal>;

export const AUTHENTICATE = Symbol('packhouse.authenticate');

const FAILURES_PER_MINUTE = 30;

/** Keys whose digests are remembered to have been good here. */
const MOST_KNOWN_KEYS = 10_000;

/** @throws PackhouseError `invalid_request` at once for options that cannot verify anything */
export function authenticateBy(options: AuthOptions): Authenticate {
  const admit = admission(options.isSuspended);
  const holder = limited(options);
  return async (request) => {
    const principal = await holder(request);
    await admit(principal.tenant);
    return principal;
  };
}

/**
 * Names the holder of a credential, and gives those no answer who were wrong too often. Nobody is held up by another's
 * failures, be it from the same address: a good token is always let in, as to verify one asks nobody; and so is a key
 * that was good before, though others are not even looked up.
 */
function limited({ apiKeys, failuresPerMinute = FAILURES_PER_MINUTE, ...jwt }: AuthOptions) {
  const byToken = tokenHolder(jwt);
  const attempts = failedAttempts(failuresPerMinute);
  const known = new BoundedMap<string, true>(MOST_KNOWN_KEYS);

  const byKey = async (key: ParsedApiKey) => {
    const principal = await keyHolder(apiKeys, key);
    known.set(nameOf(key), true);
    return principal;
  };

  return async (request: HttpRequest): Promise<Principal> => {
    const key = apiKeyOf(request);
    const attempt = { network: clientNetwork(request.ip ?? ''), keyId: key?.keyId };
    const refusal = attempts.refusal(attempt);
    if (refusal && key && !known.has(nameOf(key))) throw refusal;
    try {
      return await (key ? byKey(key) : byToken(request));
    } catch (error) {
      // Where nothing was sent, nothing was tried.
      const wrong = PackhouseError.is(error, 'unauthenticated') && request.headers.authorization !== undefined;
      if (!wrong) throw error;
      attempts.note(attempt);
      if (key) known.delete(nameOf(key));
      throw refusal ?? error;
    }
  };
}

const nameOf = ({ digest }: ParsedApiKey) => digest.toString('base64');

/** Undefined for all else: what is wrong with that, if anything, the verifier of tokens says. */
function apiKeyOf(request: HttpRequest): ParsedApiKey | undefined {
  try {
    return parseApiKey(bearerCredential(request));
  } catch {
    return undefined;
  }
}
