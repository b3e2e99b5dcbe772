import { PackhouseError, tenantId, type TenantId } from '@packhouse/core';
import type { JwtOptions } from './jwt-options.js';

/** What a caller may do; each role may do all that those before it may. */
export const ROLES = ['reader', 'writer', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** Who calls, as their verified token or their API key says. */
export interface Principal {
  readonly tenant: TenantId;
  readonly role: Role;
  /** The token's `sub`, null where it has none; an API key's id. */
  readonly subject: string | null;
}

/** Of the year 9999. What ends later never ends, or was counted in milliseconds. */
const LAST_SECOND = 253_402_300_799;

/** By these issuers tell apart what they sign with one key: Keycloak, Cognito, and others each by one of them. */
const PURPOSES = ['typ', 'token_use', 'token_type', 'purpose'];
const ACCESS = ['access', 'access_token', 'bearer', 'jwt', 'at+jwt'];
/** What identity tokens alone have (OpenID Connect Core, 3.1.3.6 and 3.3.2.11). */
const IDENTITY = ['at_hash', 'c_hash'];

/**
 * Reads the caller from claims whose signature, time, and issuer and audience where configured, have been verified.
 *
 * @throws PackhouseError `unauthenticated`
 */
export function principalOf(claims: unknown, { audience, tenantClaim = 'tenant' }: JwtOptions): Principal {
  const record = recordOf(claims);
  const { aud, exp, sub = null, role = 'reader', [tenantClaim]: tenant } = record;
  // RFC 7519, 4.1.3: who is not named as its audience must refuse a token that has one.
  if (aud !== undefined && !audience)
    throw refused('The token is for an audience, and this service has no name as one.');
  // The verifier checks an expiry that is there; that there is one is ours to check.
  if (typeof exp !== 'number' || exp > LAST_SECOND) throw refused('The token has no expiry.');
  if (!isForAccess(record)) throw refused('The token was issued for another purpose than access.');
  if (sub !== null && typeof sub !== 'string') throw refused("The token's subject is not a string.");
  return { tenant: tenantOf(tenant, tenantClaim), role: roleOf(role), subject: sub };
}

function recordOf(claims: unknown): Record<string, unknown> {
  if (typeof claims === 'object' && claims !== null) return claims as Record<string, unknown>;
  throw refused('The token holds no claims.');
}

function isForAccess(claims: Record<string, unknown>): boolean {
  if (IDENTITY.some((name) => claims[name] !== undefined)) return false;
  const purposes = PURPOSES.map((name) => claims[name]).filter((purpose) => purpose !== undefined);
  return purposes.every((purpose) => typeof purpose === 'string' && ACCESS.includes(purpose.toLowerCase()));
}

function tenantOf(value: unknown, claim: string): TenantId {
  try {
    return tenantId(value);
  } catch (cause) {
    throw refused(`The token's claim "${claim}" does not name a tenant.`, cause);
  }
}

function roleOf(value: unknown): Role {
  const role = ROLES.find((known) => known === value);
  if (role) return role;
  throw refused(`The token's role is none of ${ROLES.join(', ')}.`);
}

function refused(message: string, cause?: unknown) {
  return new PackhouseError('unauthenticated', message, { cause });
}
