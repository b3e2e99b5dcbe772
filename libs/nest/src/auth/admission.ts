import { PackhouseError, type TenantId } from '@packhouse/core';
import type { AuthOptions } from './auth-options.js';
import { BoundedMap } from './bounded-map.js';

/** How long an answer serves: also how long a suspended tenant is served on. */
const ANSWER_AGE_MS = 5_000;

/** Tenants whose answers are at hand. */
const MOST_ANSWERS = 10_000;

/** @throws PackhouseError `forbidden` for a suspended tenant, and what the question throws: who cannot be asked about stays out */
export type Admit = (tenant: TenantId) => Promise<void>;

export function admission(isSuspended: AuthOptions['isSuspended'] = async () => false): Admit {
  const answers = new BoundedMap<TenantId, { readonly suspended: Promise<boolean>; readonly ends: number }>(
    MOST_ANSWERS,
  );
  const ask = (tenant: TenantId) => {
    const answer = { suspended: isSuspended(tenant), ends: performance.now() + ANSWER_AGE_MS };
    answers.set(tenant, answer);
    answer.suspended.catch(() => answers.delete(tenant));
    return answer;
  };
  return async (tenant) => {
    const known = answers.get(tenant);
    const { suspended } = known && known.ends > performance.now() ? known : ask(tenant);
    if (await suspended) throw new PackhouseError('forbidden', 'This tenant is suspended.');
  };
}
