import type { KeyObject } from 'node:crypto';
import type { ProtectedHeaderParameters } from 'jose';

/** Keys, and the only algorithms they are good for: a key never meets an algorithm of the other kind. */
export interface VerificationKeys {
  readonly algorithms: readonly ('HS256' | 'RS256' | 'ES256')[];
  /** @throws PackhouseError `unauthenticated` without such a key, `unavailable` where that cannot be known now */
  keyFor(header: ProtectedHeaderParameters): Promise<KeyObject>;
}
