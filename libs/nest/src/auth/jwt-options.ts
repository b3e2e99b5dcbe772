import type { KeyObject } from 'node:crypto';

/** How tokens are verified. Exactly one of `secret` and `jwksUrl` is given. */
export interface JwtOptions {
  /**
   * The shared key of HS256 tokens, at least 32 bytes (RFC 7518, 3.2). No other algorithm is then accepted. The length
   * of a KeyObject is its maker's business: development may do with less.
   */
  secret?: string | KeyObject | undefined;
  /** Where the issuer publishes its keys. Only RS256 and ES256 are then accepted. */
  jwksUrl?: string | undefined;
  /** The only `iss` accepted. @default any */
  issuer?: string | undefined;
  /** Must be among the token's `aud`. Without it a token that has an `aud` is refused. @default none */
  audience?: string | undefined;
  /** The claim that names the tenant. @default 'tenant' */
  tenantClaim?: string | undefined;
  /** How far the issuer's clock may be off, in seconds. @default 0 */
  clockToleranceSeconds?: number | undefined;
}
