import { tenantId } from '@packhouse/core';
import { describeJobQueue } from '@packhouse/core/testing';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { pgBossQueue } from './pg-boss-queue.js';

/** What handlers of the contract throw on purpose. */
const ON_PURPOSE = ['no luck', 'not done'];

describe.each(testDatabases())('pgBossQueue on $name', ({ open }) => {
  let database: TestDatabase;
  let errors: ReturnType<typeof errorLog>;
  let queues = 0;
  let name = '';
  beforeAll(async () => (database = await open()), 60_000);
  afterAll(() => database?.close());
  beforeEach(() => {
    // A database takes seconds to open; a queue of its own is as good as one.
    name = `queue_${++queues}`;
    errors = errorLog();
  });

  describeJobQueue('pg-boss', async () => ({
    open: () => pgBossQueue({ db: database.db, name, attempts: 3, graceMs: 500, onError: errors.add }),
    tx: (work) => database.db.tx(work),
    close: async () => expect(errors.unexpected).toEqual([]),
  }));

  describe('besides', () => {
    const start = () => pgBossQueue({ db: database.db, name, concurrency: 2, graceMs: 2_000, onError: errors.add });

    it('lets a tenant with much to do hold up itself, not the others', async () => {
      const queue = await start();
      const begun: string[] = [];
      const all = new Promise<void>((resolve) => {
        void database.db.tx(async (tx) => {
          for (const id of ['a1', 'a2', 'a3', 'b1']) {
            await queue.enqueue(tx, { tenant: tenantId(id.charAt(0)), id });
          }
        });
        void queue.work(async ({ id }) => {
          if (begun.push(id) === 4) resolve();
          if (id === 'a1') await pause(1_500);
        });
      });
      await all;
      await queue.stop();
      expect(begun.slice(0, 2).sort()).toEqual(['a1', 'b1']);
    });

    it("keeps itself in order as the application's role", async () => {
      const queue = await start();
      await queue.work(async () => undefined);
      await pause(12_000);
      await queue.stop();
      expect(errors.unexpected).toEqual([]);
    }, 30_000);

    it('stores ids, and codes for what went wrong, nothing else', async () => {
      const queue = await start();
      await queue.work(async () => {
        throw new Error('no luck with the contract of Jane Doe');
      });
      await database.db.tx((tx) => queue.enqueue(tx, { tenant: tenantId('acme'), id: 'one' }));
      await pause(2_500);
      await queue.stop();
      const [job] = await database.admin.query('select data, output from packhouse_jobs.job where name = $1', [name]);
      expect(job).toEqual({ data: { tenant: 'acme', id: 'one' }, output: { code: 'internal' } });
    });

    it('leaves a handler alone that stays when its time is up, and goes on with other jobs', async () => {
      const limits = { concurrency: 1, expireSeconds: 2, attempts: 1, graceMs: 500 };
      const queue = await pgBossQueue({ db: database.db, name, ...limits, onError: errors.add });
      const begun: string[] = [];
      await queue.work(async ({ id }) => {
        begun.push(id);
        if (id === 'stuck') await new Promise(() => undefined);
      });
      for (const id of ['stuck', 'next']) {
        await database.db.tx((tx) => queue.enqueue(tx, { tenant: tenantId('acme'), id }));
      }
      const deadline = Date.now() + 30_000;
      while (begun.length < 2 && Date.now() < deadline) await pause(50);
      await queue.stop();
      expect(begun).toEqual(['stuck', 'next']);
    }, 60_000);

    it('is worked once', async () => {
      const queue = await start();
      await queue.work(async () => undefined);
      await expect(queue.work(async () => undefined)).rejects.toMatchObject({ code: 'conflict' });
      await queue.stop();
    });
  });
});

function errorLog() {
  const unexpected: unknown[] = [];
  const add = (error: unknown) => {
    const message = error instanceof Error ? error.message : '';
    if (!ON_PURPOSE.some((wanted) => message.startsWith(wanted))) unexpected.push(error);
  };
  return { unexpected, add };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
