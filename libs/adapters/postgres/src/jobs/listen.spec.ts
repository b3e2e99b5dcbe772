import { tenantId } from '@packhouse/core';
import { openPostgres, type OpenPostgres } from '../db/postgres.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { listenOn } from './listen.js';
import { pgBossQueue } from './pg-boss-queue.js';

const server = testDatabases().find(({ name }) => name === 'PostgreSQL');

(server ? describe : describe.skip)('listenOn (needs TEST_DATABASE_URL)', () => {
  let database: TestDatabase;
  let worker: OpenPostgres;
  beforeAll(async () => {
    database = await server!.open();
    worker = await openPostgres({ url: database.url ?? '', max: 3 });
  });
  afterAll(async () => {
    await worker?.close();
    await database?.close();
  });

  it("wakes a worker for another process's job within a tenth of a second", async () => {
    const settings = { onError: fail, graceMs: 500 };
    const api = await pgBossQueue({ db: database.db, ...settings });
    const queue = await pgBossQueue({ db: worker.db, listen: listenOn(worker.pool), ...settings });
    let took: (id: string) => void = () => undefined;
    await queue.work(async ({ id }) => took(id));
    const waits: number[] = [];
    for (const id of ['1', '2', '3', '4', '5']) {
      await pause(300);
      const taken = new Promise<string>((resolve) => (took = resolve));
      await database.db.tx((tx) => api.enqueue(tx, { tenant: tenantId('acme'), id }));
      const committed = performance.now();
      expect(await taken).toBe(id);
      waits.push(performance.now() - committed);
    }
    await Promise.all([api.stop(), queue.stop()]);
    expect(waits.sort((a, b) => a - b)[2]).toBeLessThan(100);
  });

  it('listens again once its connection was broken, and says so', async () => {
    const wakes = counter();
    const errors = counter();
    const close = await listenOn(worker.pool)('listen_spec', wakes.count, errors.count);
    expect(wakes.total()).toBe(1);
    await database.admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen listen_spec'`,
    );
    await wakes.reach(2);
    expect(errors.total()).toBe(1);
    await database.db.query(`select pg_notify('listen_spec', '')`);
    await wakes.reach(3);
    await close();
  });

  it('gives its connection up when closed', async () => {
    const close = await listenOn(worker.pool)('listen_spec', () => undefined, fail);
    await close();
    await pause(100);
    expect(worker.pool.totalCount - worker.pool.idleCount).toBe(0);
  });
});

function counter() {
  let total = 0;
  return {
    count: () => void total++,
    total: () => total,
    async reach(wanted: number) {
      const deadline = Date.now() + 20_000;
      while (total < wanted) {
        if (Date.now() > deadline) throw new Error(`${total} instead of ${wanted} after 20 seconds.`);
        await pause(20);
      }
    },
  };
}

function fail(error: unknown): void {
  throw error;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
