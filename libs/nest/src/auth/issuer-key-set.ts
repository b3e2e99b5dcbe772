import { KeyObject } from 'node:crypto';
import { PackhouseError } from '@packhouse/core';
import { createRemoteJWKSet, customFetch, errors, type FetchImplementation } from 'jose';
import type { VerificationKeys } from './verification-keys.js';

/** How long fetched keys serve without another look: also how long a withdrawn key lives on. */
const KEYS_AGE_MS = 10 * 60_000;
/** At least so long between two fetches, however many unknown keys are named: a flood of them costs 12 a minute. */
const COOLDOWN_MS = 5_000;
const FETCH_DEADLINE_MS = 5_000;

/** RFC 7518, 3.3. In bits. */
const SMALLEST_RSA_MODULUS = 2048;

/**
 * The whole set is kept: with keys kept one by one, a flood of unknown ones would use up the fetches that the known ones
 * need to be renewed.
 */
export function issuerKeySet(url: URL): VerificationKeys['keyFor'] {
  const keySet = createRemoteJWKSet(url, {
    cacheMaxAge: KEYS_AGE_MS,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: FETCH_DEADLINE_MS,
    [customFetch]: restingAfterFailure(fetch),
  });
  return async (header) => {
    const key = KeyObject.from(await keySet(header).catch(refuse));
    if ((key.asymmetricKeyDetails?.modulusLength ?? Infinity) >= SMALLEST_RSA_MODULUS) return key;
    throw new PackhouseError('unauthenticated', `An RSA key needs ${SMALLEST_RSA_MODULUS} bits or more.`);
  };
}

/** A server that has failed is left alone for a while: jose's own cooldown counts from successes only. */
function restingAfterFailure(fetchKeys: FetchImplementation): FetchImplementation {
  let failure: { readonly until: number; readonly cause: unknown } | undefined;
  const fail = (cause: unknown): never => {
    failure = { until: Date.now() + COOLDOWN_MS, cause };
    throw cause;
  };
  return async (url, options) => {
    if (failure && Date.now() < failure.until) throw failure.cause;
    const response = await fetchKeys(url, options).catch(fail);
    return response.ok ? response : fail(new Error(`The key server answered ${response.status}.`));
  };
}

/** No such key: the token is bad. No answer: it may well be good, and only waiting will tell. Neither passes. */
function refuse(cause: unknown): never {
  if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) {
    throw new PackhouseError('unauthenticated', 'The token names no key of its issuer.', { cause });
  }
  throw new PackhouseError('unavailable', "The issuer's keys cannot be read now.", { cause, retryable: true });
}
