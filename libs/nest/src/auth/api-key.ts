import { createHash, randomBytes } from 'node:crypto';
import { tenantId, type TenantId } from '@packhouse/core';

/** In bytes: nobody guesses 256 random bits, or derives them from anything. */
const SECRET_BYTES = 32;

/** Scanners of repositories look for the prefix. From the right all lengths are fixed, so a tenant may hold a `_`. */
const API_KEY = /^phk_(?<tenant>[A-Za-z0-9][\w.-]{0,62})_(?<keyId>key_[0-9a-hjkmnp-tv-z]{24})_[\w-]{43}$/;

/** What a key says of itself, true or not. */
export interface ParsedApiKey {
  readonly tenant: TenantId;
  readonly keyId: string;
  /** SHA-256 of the whole key. */
  readonly digest: Buffer;
}

/** A new key: shown once, and kept as its {@link apiKeyDigest} alone. */
export function newApiKey(tenant: TenantId, keyId: string): string {
  return `phk_${tenant}_${keyId}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** Undefined for what is no key, whoever's. */
export function parseApiKey(text: string): ParsedApiKey | undefined {
  const { tenant, keyId } = API_KEY.exec(text)?.groups ?? {};
  return tenant && keyId ? { tenant: tenantId(tenant), keyId, digest: apiKeyDigest(text) } : undefined;
}

/**
 * What is kept of a key. One round of SHA-256 is enough where there is no dictionary to go through: slow hashes are for
 * what people think up, and would cost a tenth of a second a request.
 */
export function apiKeyDigest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
