import { PackhouseError } from '@packhouse/core';
import type { VerificationKeys } from './verification-keys.js';

/**
 * An issuer's keys by `kid`, from its JSON Web Key Set (RFC 7517).
 *
 * @throws PackhouseError `invalid_request` at once for what is not an http(s) URL
 */
export function publishedKeys(jwksUrl: string): VerificationKeys {
  const url = httpUrl(jwksUrl);
  let keySet: Promise<VerificationKeys['keyFor']> | undefined;
  return {
    algorithms: ['RS256', 'ES256'],
    keyFor: async (header) => (await (keySet ??= load(url)))(header),
  };
}

/** Fifty modules that an app with a shared secret does not need, and this one not before its first token. */
async function load(url: URL): Promise<VerificationKeys['keyFor']> {
  const { issuerKeySet } = await import('./issuer-key-set.js');
  return issuerKeySet(url);
}

function httpUrl(jwksUrl: string): URL {
  const url = URL.parse(jwksUrl);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new PackhouseError('invalid_request', '`jwksUrl` must be an http or https URL.');
}
