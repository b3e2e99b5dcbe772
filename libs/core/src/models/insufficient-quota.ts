import { PackhouseError } from '../errors.js';
import type { BudgetToday } from '../ports/budget.js';

/** How long a call takes that others wait for, about. */
const CALL_SECONDS = 5;

/** The refusal of a call that may cost `tokens`: says what is left of the budget, and when there is more. */
export function insufficientQuota(tokens: number, { limit, spent, reserved, resetsAt }: BudgetToday): PackhouseError {
  const most = limit ?? Infinity;
  const refused = (message: string, details = {}) =>
    new PackhouseError('insufficient_quota', `This may take ${tokens} tokens, and ${message}`, details);
  if (tokens > most) return refused(`a day's budget is ${most}: ask a shorter question, or have it raised.`);
  if (spent + tokens <= most) {
    const message = `${spent} of today's ${most} are spent and ${reserved} set aside for answers under way: ask again.`;
    return refused(message, { retryable: true, retryAfterSeconds: CALL_SECONDS });
  }
  // Not to be tried again by a program that waits for seconds.
  const retryAfterSeconds = Math.max(1, Math.ceil((resetsAt.getTime() - Date.now()) / 1000));
  const left = Math.max(0, most - spent);
  return refused(`${left} of today's ${most} are left: ask again from ${resetsAt.toISOString()}.`, {
    retryAfterSeconds,
  });
}
