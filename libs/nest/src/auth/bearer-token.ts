import { PackhouseError } from '@packhouse/core';

/** In characters. A longer token is refused before anything is made of it. */
const LONGEST_TOKEN = 8 * 1024;

const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;

/**
 * The signed token of an `Authorization: Bearer` header (RFC 6750, 2.1). Query and body are no place for one: they
 * end up in logs and histories.
 *
 * @throws PackhouseError `unauthenticated`
 */
export function bearerToken(authorization: string | undefined): string {
  const header = authorization ?? '';
  if (header.length > 'Bearer '.length + LONGEST_TOKEN) {
    throw new PackhouseError('unauthenticated', `A token has at most ${LONGEST_TOKEN} characters.`);
  }
  const token = BEARER.exec(header)?.[1];
  if (token) return token;
  throw new PackhouseError('unauthenticated', 'Send a signed token in the header "Authorization: Bearer <token>".');
}
