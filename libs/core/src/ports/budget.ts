import type { TenantId } from '../tenant.js';
import type { Usage } from './chat-model.js';

/** What tenants may spend on models in a day, and have spent. A day is one of UTC. */
export interface Budget {
  forTenant(tenant: TenantId): TenantBudget;
}

export interface BudgetLimits {
  /** Question and answer together. @default no limit */
  readonly tokensPerDay?: number | undefined;
  /** After so long a reservation that nobody settled is let go of: longer than any call takes. */
  readonly lapseSeconds: number;
}

export interface TenantBudget {
  /**
   * Sets aside what a call may cost at most, so that calls at the same time cannot spend the same tokens. One that is not
   * settled lapses: then its question counts as spent, the process that asked it having died.
   *
   * @throws PackhouseError `insufficient_quota` where so much is not left, and whatever kept the budget from being read:
   *   in either case nothing may be spent
   */
  reserve(call: PlannedCall, signal?: AbortSignal): Promise<Reservation>;
  today(signal?: AbortSignal): Promise<BudgetToday>;
}

/** A call of a model before it is made: what it is asked, and the most that it may answer. */
export interface PlannedCall extends Usage {
  readonly model: string;
}

export interface Reservation {
  /** Records what the call cost, and lets go of the rest. Counts once, however often it is called. */
  settle(cost: Cost): Promise<void>;
}

export interface Cost extends Usage {
  /** True where the provider did not say. */
  readonly estimated: boolean;
}

/** One day's budget, in tokens. */
export interface BudgetToday {
  readonly limit: number | null;
  readonly spent: number;
  /** Set aside for calls that are being made. */
  readonly reserved: number;
  /** When the next day begins. */
  readonly resetsAt: Date;
}
