import type { TenantId } from '@packhouse/core';
import type { JwtOptions } from './jwt-options.js';
import type { Role } from './principal.js';

/** Who is let in. */
export interface AuthOptions extends JwtOptions {
  /** Where API keys are looked up. @default none, and none is let in */
  apiKeys?: ApiKeys | undefined;
  /** Whether a tenant's callers are refused, whatever they come with. An answer serves for 5 s. @default none is */
  isSuspended?: ((tenant: TenantId) => Promise<boolean>) | undefined;
  /** How often callers of one address may be wrong in a minute. @default 30 */
  failuresPerMinute?: number | undefined;
}

/** The keys of all tenants. Asked at every request that comes with one, so that a revoked key is refused at once. */
export interface ApiKeys {
  /** The key of that tenant and id; null where there is none, or none that is still good. */
  find(tenant: TenantId, keyId: string): Promise<StoredApiKey | null>;
}

export interface StoredApiKey {
  /** As `apiKeyDigest` made it of the key. */
  readonly digest: Uint8Array;
  readonly role: Role;
  /** Told of each use, after the key was found good. */
  used?(): Promise<void>;
}
