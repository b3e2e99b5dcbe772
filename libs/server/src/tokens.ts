import { createSecretKey } from 'node:crypto';
import type { TenantId } from '@packhouse/core';
import jwt from 'jsonwebtoken';
import { developmentSecret } from './settings/development-secrets.js';
import { SettingsError, type Settings } from './settings/settings.js';

export type Role = 'reader' | 'writer' | 'admin';
export const ROLES: readonly Role[] = ['reader', 'writer', 'admin'];

export interface TokenRequest {
  readonly tenant: TenantId;
  readonly role: Role;
  /** Seconds from now. */
  readonly expiresIn: number;
}

/** The secret that tokens are signed and verified with; development makes one up. */
export function jwtSecret(settings: Settings): string {
  return settings.JWT_SECRET ?? developmentSecret(settings, 'jwt-secret');
}

/**
 * Signs a tenant's token, with the claims that this server's own settings ask for.
 *
 * @throws SettingsError where a key server signs the tokens
 */
export function signToken(settings: Settings, { tenant, role, expiresIn }: TokenRequest): string {
  if (settings.JWT_JWKS_URL) {
    throw new SettingsError(['JWT_JWKS_URL: tokens are signed by the key server there; ask it for one']);
  }
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = settings;
  return jwt.sign({ [settings.JWT_TENANT_CLAIM]: tenant, role }, createSecretKey(Buffer.from(jwtSecret(settings))), {
    algorithm: 'HS256',
    expiresIn,
    ...(issuer && { issuer }),
    ...(audience && { audience }),
  });
}
