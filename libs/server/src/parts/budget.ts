import { randomUUID } from 'node:crypto';
import type { Budget, Reservation } from '@packhouse/core';
import { postgresBudget, type Db } from '@packhouse/postgres';
import type { BesideRequests } from '../generations/beside-requests.js';
import type { Settings } from '../settings/settings.js';

/** How long after its request's time is up a call is settled at the latest. */
const SETTLING_SECONDS = 60;

/** The budget of TOKENS_PER_DAY. What a call cost is written whoever has gone, and that it cannot be spoils no answer. */
export function openBudget(
  { TOKENS_PER_DAY: tokensPerDay, REQUEST_TIMEOUT_SECONDS }: Settings,
  db: Db,
  beside: BesideRequests,
): Budget {
  const budget = postgresBudget(db, { tokensPerDay, lapseSeconds: REQUEST_TIMEOUT_SECONDS + SETTLING_SECONDS });
  const besides = ({ settle }: Reservation): Reservation => ({
    async settle(cost) {
      const settled = settle(cost);
      beside.start(`settle ${randomUUID()}`, () => settled);
      await settled.catch(() => undefined);
    },
  });
  return {
    forTenant(tenant) {
      const { today, reserve } = budget.forTenant(tenant);
      return { today, reserve: async (call, signal) => besides(await reserve(call, signal)) };
    },
  };
}
