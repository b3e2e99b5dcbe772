import { insufficientQuota } from '../../models/insufficient-quota.js';
import type { Budget, BudgetLimits, Cost, PlannedCall } from '../../ports/budget.js';
import type { TenantId } from '../../tenant.js';
import { throwIfAborted } from '../../abort.js';

/** One call that was paid for, as it was settled. */
export interface SettledCall extends Cost {
  readonly tenant: TenantId;
  readonly model: string;
}

interface Held extends PlannedCall {
  readonly tenant: TenantId;
  readonly lapsesAt: number;
}

/** A budget that this process forgets, of one long day; `calls` are what was settled, in order. */
export function memoryBudget({ tokensPerDay, lapseSeconds }: BudgetLimits): Budget & { readonly calls: SettledCall[] } {
  const calls: SettledCall[] = [];
  const held = new Set<Held>();
  const settle = (call: Held, cost: Cost) => {
    if (held.delete(call)) calls.push({ tenant: call.tenant, model: call.model, ...cost });
  };
  const lapse = () => {
    for (const call of held) {
      if (call.lapsesAt > Date.now()) continue;
      settle(call, { inputTokens: call.inputTokens, outputTokens: 0, estimated: true });
    }
  };
  const tokens = (all: Iterable<PlannedCall & { tenant: TenantId }>, tenant: TenantId) =>
    [...all].reduce((sum, call) => sum + (call.tenant === tenant ? call.inputTokens + call.outputTokens : 0), 0);
  const today = (tenant: TenantId) => {
    lapse();
    const resetsAt = new Date(new Date().setUTCHours(24, 0, 0, 0));
    return { limit: tokensPerDay ?? null, spent: tokens(calls, tenant), reserved: tokens(held, tenant), resetsAt };
  };

  return {
    calls,
    forTenant: (tenant) => ({
      today: async () => today(tenant),
      async reserve(planned, signal) {
        throwIfAborted(signal);
        const state = today(tenant);
        const asked = planned.inputTokens + planned.outputTokens;
        if (state.spent + state.reserved + asked > (tokensPerDay ?? Infinity)) throw insufficientQuota(asked, state);
        const call = { ...planned, tenant, lapsesAt: Date.now() + lapseSeconds * 1000 };
        held.add(call);
        return { settle: async (cost) => settle(call, cost) };
      },
    }),
  };
}
