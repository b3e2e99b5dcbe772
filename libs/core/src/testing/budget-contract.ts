import type { Budget, BudgetLimits, Cost, PlannedCall } from '../ports/budget.js';
import { tenantId } from '../tenant.js';

/** Budgets of one kind, over one store. */
export interface BudgetHarness {
  make(limits: BudgetLimits): Budget;
  close?(): Promise<void>;
}

const LIMIT = 1_000;
const DAY_MS = 86_400_000;
const call = (inputTokens: number, outputTokens = 0): PlannedCall => ({ model: 'm', inputTokens, outputTokens });
const cost = (inputTokens: number, outputTokens = 0): Cost => ({ inputTokens, outputTokens, estimated: false });
const QUOTA = { code: 'insufficient_quota' };

/** What every {@link Budget} keeps to. */
export function describeBudget(name: string, open: () => Promise<BudgetHarness>): void {
  describe(`Budget: ${name}`, () => {
    let harness: BudgetHarness;
    let tenants = 0;
    beforeAll(async () => {
      harness = await open();
    }, 60_000);
    afterAll(() => harness?.close?.());

    /** A tenant's that nobody has spent of yet. */
    const fresh = ({ lapseSeconds = 60, tokensPerDay = LIMIT }: Partial<BudgetLimits> = {}) =>
      harness.make({ lapseSeconds, tokensPerDay }).forTenant(tenantId(`budget-${++tenants}`));

    it('begins with all of it', async () => {
      const { resetsAt, ...rest } = await fresh().today();
      expect(rest).toEqual({ limit: LIMIT, spent: 0, reserved: 0 });
      expect(resetsAt.getTime() % DAY_MS).toBe(0);
      expect(resetsAt.getTime() - Date.now()).toBeLessThanOrEqual(DAY_MS);
    });

    it('sets aside what a call may cost, then counts what it did', async () => {
      const budget = fresh();
      const reservation = await budget.reserve(call(100, 400));
      expect(await budget.today()).toMatchObject({ spent: 0, reserved: 500 });
      await reservation.settle(cost(90, 10));
      expect(await budget.today()).toMatchObject({ spent: 100, reserved: 0 });
    });

    it('counts a call once, however often it is settled', async () => {
      const budget = fresh();
      const reservation = await budget.reserve(call(100));
      await Promise.all([reservation.settle(cost(80)), reservation.settle(cost(80)), reservation.settle(cost(7))]);
      await reservation.settle(cost(80));
      expect([80, 7]).toContain((await budget.today()).spent);
    });

    it('counts what a call cost beyond what was set aside', async () => {
      const budget = fresh();
      await (await budget.reserve(call(LIMIT))).settle(cost(LIMIT, 20));
      expect(await budget.today()).toMatchObject({ spent: LIMIT + 20, reserved: 0 });
      await expect(budget.reserve(call(0))).rejects.toMatchObject(QUOTA);
    });

    it('is spent to the last token, and refuses one more until the day ends', async () => {
      const budget = fresh();
      await (await budget.reserve(call(LIMIT - 1))).settle(cost(LIMIT - 1));
      await (await budget.reserve(call(1))).settle(cost(1));
      const { resetsAt } = await budget.today();
      const refused = budget.reserve(call(1));
      await expect(refused).rejects.toMatchObject({ ...QUOTA, retryable: false, retryAfterSeconds: expect.any(Number) });
      await expect(refused).rejects.toThrow(resetsAt.toISOString());
    });

    it('says that there is more soon, where calls in hand keep it', async () => {
      const budget = fresh();
      const reservation = await budget.reserve(call(LIMIT));
      await expect(budget.reserve(call(1))).rejects.toMatchObject({ ...QUOTA, retryable: true });
      await reservation.settle(cost(1));
      await budget.reserve(call(1));
    });

    it('refuses what no day has enough for, and does not say to come back', async () => {
      const refused = fresh().reserve(call(LIMIT, 1));
      await expect(refused).rejects.toMatchObject({ ...QUOTA, retryable: false, retryAfterSeconds: undefined });
    });

    it('gives no token to two calls at the same time', async () => {
      const budget = fresh();
      const tries = await Promise.allSettled(Array.from({ length: 12 }, () => budget.reserve(call(150, 50))));
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
      expect(await budget.today()).toMatchObject({ reserved: LIMIT });
    });

    it('lets go of a call that nobody settles, but for its question, and counts it no second time', async () => {
      const budget = fresh({ lapseSeconds: 0.1 });
      const abandoned = await budget.reserve(call(40, LIMIT - 40));
      await expect(budget.reserve(call(1))).rejects.toMatchObject(QUOTA);
      await new Promise((resolve) => setTimeout(resolve, 150));
      await (await budget.reserve(call(LIMIT - 40))).settle(cost(10));
      await abandoned.settle(cost(40, 500));
      expect(await budget.today()).toMatchObject({ spent: 50, reserved: 0 });
    });

    it('is each tenant’s own', async () => {
      const [spender, other] = [fresh(), fresh()];
      await spender.reserve(call(LIMIT));
      await (await other.reserve(call(LIMIT))).settle(cost(3));
      expect(await spender.today()).toMatchObject({ spent: 0, reserved: LIMIT });
    });

    it('counts without a limit too', async () => {
      const budget = harness.make({ lapseSeconds: 60 }).forTenant(tenantId('budget-unlimited'));
      await (await budget.reserve(call(3_000_000_000))).settle(cost(2_500_000_000));
      expect(await budget.today()).toMatchObject({ limit: null, spent: 2_500_000_000, reserved: 0 });
    });

    it('sets nothing aside for a caller that has gone', async () => {
      const budget = fresh();
      await expect(budget.reserve(call(5), AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
      expect(await budget.today()).toMatchObject({ reserved: 0 });
    });
  });
}
