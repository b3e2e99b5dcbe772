import { tenantId, type Reservation } from '@packhouse/core';
import { describeBudget } from '@packhouse/core/testing';
import fc from 'fast-check';
import { asTenant } from '../db/db.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { postgresBudget } from './postgres-budget.js';
import { usage } from './usage.js';

describe.each(testDatabases())('on $name', ({ open }) => {
  describeBudget('postgresBudget', async () => {
    const { db, close } = await open();
    return { make: (limits) => postgresBudget(db, limits), close };
  });

  describe('postgresBudget', () => {
    const LIMIT = 1_000;
    const ACME = tenantId('acme');
    let database: TestDatabase;
    beforeAll(async () => (database = await open()));
    afterAll(() => database.close());

    const budgetOf = (lapseSeconds = 60) => postgresBudget(database.db, { tokensPerDay: LIMIT, lapseSeconds });
    const list = (limit = 10, after?: string) =>
      asTenant(database.db, ACME, (tx) => usage.list(tx, { limit, order: 'desc', after }));

    let runs = 0;
    it('is never passed by calls at the same time, and refuses none that it has room for', async () => {
      const call = fc.record({ asked: fc.nat(400), costs: fc.double({ min: 0, max: 1, noNaN: true }) });
      const rounds = fc.array(fc.array(call, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(rounds, async (rounds) => {
          const budget = budgetOf().forTenant(tenantId(`run-${++runs}`));
          let spent = 0;
          for (const calls of rounds) {
            const tries = await Promise.allSettled(
              calls.map(({ asked }) => budget.reserve({ model: 'm', inputTokens: asked, outputTokens: 0 })),
            );
            const granted = calls.filter((_, at) => tries[at]?.status === 'fulfilled');
            const refused = calls.filter((_, at) => tries[at]?.status === 'rejected');
            const reserved = granted.reduce((sum, { asked }) => sum + asked, 0);
            expect(spent + reserved).toBeLessThanOrEqual(LIMIT);
            for (const { asked } of refused) expect(spent + reserved + asked).toBeGreaterThan(LIMIT);
            const costOf = ({ asked, costs }: (typeof calls)[number]) => Math.floor(asked * costs);
            await Promise.all(
              granted.map((each) => {
                const settled = tries[calls.indexOf(each)] as PromiseFulfilledResult<Reservation>;
                return settled.value.settle({ inputTokens: costOf(each), outputTokens: 0, estimated: false });
              }),
            );
            spent += granted.reduce((sum, each) => sum + costOf(each), 0);
            expect(await budget.today()).toMatchObject({ spent, reserved: 0 });
          }
        }),
        { numRuns: 25 },
      );
    }, 60_000);

    it('is recorded by day and model, and says how much of it is estimated', async () => {
      const budget = budgetOf().forTenant(ACME);
      const spend = async (model: string, estimated: boolean) => {
        const reservation = await budget.reserve({ model, inputTokens: 20, outputTokens: 5 });
        await reservation.settle({ inputTokens: 15, outputTokens: 4, estimated });
      };
      await Promise.all([spend('large', false), spend('large', true), spend('large', false), spend('small', true)]);
      const { data } = await list();
      expect(data).toEqual([
        {
          day: new Date().toISOString().slice(0, 10),
          models: [
            { model: 'large', calls: 3, inputTokens: 45, outputTokens: 12, estimatedTokens: 19 },
            { model: 'small', calls: 1, inputTokens: 15, outputTokens: 4, estimatedTokens: 19 },
          ],
        },
      ]);
    });

    it('belongs to the day on which a call began, begins anew with each, and is listed by day', async () => {
      const budget = budgetOf().forTenant(ACME);
      const reservation = await budget.reserve({ model: 'late', inputTokens: 300, outputTokens: 0 });
      for (const table of ['token_days', 'token_reservations', 'token_usage'])
        await database.admin.query(`update packhouse.${table} set day = day - 1 where tenant_id = 'acme'`);
      await reservation.settle({ inputTokens: 250, outputTokens: 0, estimated: false });
      expect(await budget.today()).toMatchObject({ spent: 0, reserved: 0 });
      const next = await budget.reserve({ model: 'early', inputTokens: LIMIT, outputTokens: 0 });
      await next.settle({ inputTokens: 1, outputTokens: 0, estimated: false });
      const [first, second] = [await list(1), await list(1, new Date().toISOString().slice(0, 10))];
      expect([first.hasMore, second.hasMore]).toEqual([true, false]);
      expect(first.data.flatMap(({ models }) => models.map(({ model }) => model))).toEqual(['early']);
      expect(second.data.flatMap(({ models }) => models.map(({ model }) => model))).toEqual(['large', 'late', 'small']);
    });
  });
});
