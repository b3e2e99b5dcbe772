import { PackhouseError } from '@packhouse/core';
import { rawHeaderValues, type HttpRequest } from '../requests/http.js';

/** In characters. A longer token is refused before anything is made of it. */
const LONGEST_TOKEN = 8 * 1024;

/** A signed token of three parts, or an API key. */
const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+|phk_[\w.-]+)$/i;

/**
 * What a request's `Authorization: Bearer` header holds (RFC 6750, 2.1). Query and body are no place for it: they end up
 * in logs and histories.
 *
 * @throws PackhouseError `unauthenticated`, also for two headers: Node takes the first, others the last
 */
export function bearerCredential(request: HttpRequest): string {
  const header = request.headers.authorization ?? '';
  if (rawHeaderValues(request, 'authorization').length > 1) throw refused('Send one Authorization header.');
  if (header.length > 'Bearer '.length + LONGEST_TOKEN) {
    throw refused(`A token has at most ${LONGEST_TOKEN} characters.`);
  }
  const credential = BEARER.exec(header)?.[1];
  if (credential) return credential;
  throw refused('Send a signed token or an API key in the header "Authorization: Bearer <token>".');
}

function refused(message: string) {
  return new PackhouseError('unauthenticated', message);
}
