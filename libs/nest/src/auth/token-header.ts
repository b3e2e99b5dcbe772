import { PackhouseError } from '@packhouse/core';
import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';

/** Absent counts as `jwt`. Identity and refresh tokens that say what they are are not access tokens (RFC 9068, 4). */
const ACCESS_TOKEN_TYPES = ['jwt', 'at+jwt'];

/**
 * The header of a token whose signature has not been verified yet: good for choosing a key, nothing else.
 *
 * @throws PackhouseError `unauthenticated` for what the verifier would overlook: a critical extension (RFC 7515,
 *   4.1.11) or a token made for another purpose
 */
export function tokenHeader(token: string, algorithms: readonly string[]): ProtectedHeaderParameters {
  const header = decode(token);
  const { alg, crit, typ = 'jwt' } = header;
  if (!algorithms.includes(alg as string)) throw refused(`A token is signed by ${algorithms.join(' or ')} here.`);
  if (crit !== undefined) throw refused('The token demands an extension that is not understood here.');
  if (!isAccessTokenType(typ)) throw refused('The token was issued for another purpose than access.');
  return header;
}

function decode(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token);
  } catch (cause) {
    throw refused('The token is malformed.', cause);
  }
}

function isAccessTokenType(typ: unknown): boolean {
  return typeof typ === 'string' && ACCESS_TOKEN_TYPES.includes(typ.toLowerCase().replace(/^application\//, ''));
}

function refused(message: string, cause?: unknown) {
  return new PackhouseError('unauthenticated', message, { cause });
}
