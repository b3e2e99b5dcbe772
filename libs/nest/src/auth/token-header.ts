import { PackhouseError } from '@packhouse/core';
import type { ProtectedHeaderParameters } from 'jose';
import { hasUniqueMembers } from './unique-members.js';

/** Absent counts as `jwt`. Identity and refresh tokens that say what they are are not access tokens (RFC 9068, 4). */
const ACCESS_TOKEN_TYPES = ['jwt', 'at+jwt'];

/**
 * The header of a token whose signature has not been verified yet: good for choosing a key, nothing else.
 *
 * @throws PackhouseError `unauthenticated` for what the verifier would overlook: a critical extension (RFC 7515,
 *   4.1.11), an unencoded payload (RFC 7797), a member given twice, or a token made for another purpose
 */
export function tokenHeader(token: string, algorithms: readonly string[]): ProtectedHeaderParameters {
  const header = decode(token);
  const { alg, crit, b64, typ = 'jwt' } = header;
  if (!algorithms.includes(alg as string)) throw refused(`A token is signed by ${algorithms.join(' or ')} here.`);
  if (crit !== undefined || b64 !== undefined)
    throw refused('The token demands an extension that is not understood here.');
  if (!isAccessTokenType(typ)) throw refused('The token was issued for another purpose than access.');
  return header;
}

function decode(token: string): ProtectedHeaderParameters {
  const [header = '', claims = ''] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  if (!isUnambiguous(header) || !isUnambiguous(claims)) throw refused('The token is malformed.');
  return (JSON.parse(header) ?? {}) as ProtectedHeaderParameters;
}

function isUnambiguous(json: string): boolean {
  try {
    return hasUniqueMembers(json);
  } catch {
    return false;
  }
}

function isAccessTokenType(typ: unknown): boolean {
  return typeof typ === 'string' && ACCESS_TOKEN_TYPES.includes(typ.toLowerCase().replace(/^application\//, ''));
}

function refused(message: string) {
  return new PackhouseError('unauthenticated', message);
}
