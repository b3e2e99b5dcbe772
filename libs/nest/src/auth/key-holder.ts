import { timingSafeEqual } from 'node:crypto';
import { PackhouseError } from '@packhouse/core';
import type { ParsedApiKey } from './api-key.js';
import type { ApiKeys, StoredApiKey } from './auth-options.js';
import type { Principal } from './principal.js';

/**
 * Whose key it is. Unknown, revoked, expired and wrong are told apart by nobody.
 *
 * @throws PackhouseError `unauthenticated`, and what the look-up throws
 */
export async function keyHolder(keys: ApiKeys | undefined, presented: ParsedApiKey): Promise<Principal> {
  const { tenant, keyId, digest } = presented;
  const stored = await keys?.find(tenant, keyId);
  if (!stored || !isSame(stored, digest)) throw new PackhouseError('unauthenticated', 'The API key is not valid here.');
  await stored.used?.();
  return { tenant, role: stored.role, subject: keyId };
}

function isSame({ digest }: StoredApiKey, other: Buffer): boolean {
  return digest.length === other.length && timingSafeEqual(digest, other);
}
