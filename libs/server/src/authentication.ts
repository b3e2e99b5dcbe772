import { createSecretKey } from 'node:crypto';
import type { TenantId } from '@packhouse/core';
import type { AuthOptions, JwtOptions } from '@packhouse/nest';
import { apiKeys, eachAsTenant, isSuspended, type Db } from '@packhouse/postgres';
import type { Parts } from './parts/parts.js';
import type { Settings } from './settings/settings.js';
import { jwtSecret } from './tokens.js';

/** How far the clock of an issuer elsewhere may be off. */
const ISSUERS_CLOCK_SECONDS = 60;

/** Who is let in: by the tokens that the settings tell how to verify, and by the API keys that the database has. */
export function authentication({ settings, db }: Parts): AuthOptions {
  return {
    ...tokens(settings),
    apiKeys: { find: (tenant, keyId) => findKey(db, tenant, keyId) },
    isSuspended: (tenant) => isSuspended(eachAsTenant(db, tenant)),
  };
}

function tokens(settings: Settings): JwtOptions {
  const { JWT_JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_TENANT_CLAIM: tenantClaim } = settings;
  const keys = jwksUrl
    ? { jwksUrl, clockToleranceSeconds: ISSUERS_CLOCK_SECONDS }
    : { secret: createSecretKey(Buffer.from(jwtSecret(settings))) };
  return { ...keys, issuer, audience, tenantClaim };
}

/** Under the row-level security of the tenant that the key names: no table is read across tenants. */
async function findKey(db: Db, tenant: TenantId, keyId: string) {
  const tx = eachAsTenant(db, tenant);
  const found = await apiKeys.find(tx, keyId);
  return found && { ...found, used: async () => void (found.noted || (await apiKeys.touch(tx, keyId))) };
}
