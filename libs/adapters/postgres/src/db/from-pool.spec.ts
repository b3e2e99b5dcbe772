import { setTimeout as delay } from 'node:timers/promises';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import type { Db } from './db.js';
import { fromPool, type ClientLike, type PoolLike } from './from-pool.js';
import { openPostgres } from './postgres.js';

const onServer = testDatabases().filter(({ name }) => name === 'PostgreSQL');

(onServer.length > 0 ? describe : describe.skip)('a pool of connections (needs TEST_DATABASE_URL)', () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await (onServer[0] as (typeof onServer)[0]).open()));
  afterAll(() => database.close());

  const sleepers = async () => {
    const [row] = await database.admin.query<{ count: number }>(
      `select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid()
         and datname = current_database() and state = 'active'`,
    );
    return row?.count;
  };
  const soon = async (condition: () => Promise<boolean>) => {
    for (let tries = 0; tries < 100; tries++) {
      if (await condition()) return true;
      await delay(50);
    }
    return false;
  };
  const sleepIn: [string, (db: Db, signal: AbortSignal) => Promise<unknown>][] = [
    ['a query', (db, signal) => db.query('select pg_sleep(30)', [], signal)],
    ['a transaction', (db, signal) => db.tx((tx) => tx.query('select pg_sleep(30)'), signal)],
    ['a query in a transaction', (db, signal) => db.tx((tx) => tx.query('select pg_sleep(30)', [], signal))],
  ];

  it.each(sleepIn)('ends %s at once when the caller goes away, on the server too', async (_, sleep) => {
    const caller = new AbortController();
    const asleep = sleep(database.db, caller.signal).catch((error: unknown) => error);
    expect(await soon(async () => (await sleepers()) === 1)).toBe(true);
    const before = performance.now();
    caller.abort();
    expect(await asleep).toMatchObject({ code: 'aborted' });
    expect(performance.now() - before).toBeLessThan(500);
    expect(await database.db.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(await soon(async () => (await sleepers()) === 0)).toBe(true);
  });

  it('plans a prepared statement once a connection, for all tenants', async () => {
    const { db } = database;
    const plans =
      'select sum(generic_plans)::int as generic, sum(custom_plans)::int as custom from pg_prepared_statements where statement = $1';
    const prepared = async (sql: string) => (await db.prepared!(sql)).at(0);
    const text = `select count(*) from packhouse.tenants where tenant_id <> current_setting('application_name')`;
    for (let turn = 0; turn < 30; turn++) await prepared(text);
    const [{ generic, custom } = {}] = await db.query<{ generic: number; custom: number }>(plans, [text]);
    expect([Number(generic) > 10, Number(custom)]).toEqual([true, 0]);
  });

  it('prepares a statement when it comes again that was skipped for an error before it', async () => {
    const { db, close } = await openPostgres({ url: database.url ?? '', max: 1 });
    const text = 'select 41 + 1 as answer';
    const skipped = db.withSettings!({ statement_timeout: 'soon' }).prepared!(text);
    await expect(skipped).rejects.toMatchObject({ code: '22023' });
    expect(await db.prepared!(text)).toEqual([{ answer: 42 }]);
    expect(await db.query('select statement from pg_prepared_statements where statement = $1', [text])).toHaveLength(1);
    await close();
  });

  it('runs a prepared statement anew whose rows have come to look otherwise', async () => {
    const { db, close } = await openPostgres({ url: database.url ?? '', max: 1 });
    const alter = (sql: string) => database.admin.query(sql);
    await alter(`create table look (one int); insert into look values (1); grant select on look to public`);
    for (let turn = 0; turn < 3; turn++) expect(await db.prepared!('select * from look')).toEqual([{ one: 1 }]);
    await alter(`alter table look add two text default 'b'`);
    expect(await db.prepared!('select * from look')).toEqual([{ one: 1, two: 'b' }]);
    await alter('drop table look');
    await close();
  });

  it('waits for a free connection no longer than the caller does', async () => {
    const taken = new AbortController();
    const all = Array.from({ length: 10 }, () =>
      database.db.query('select pg_sleep(30)', [], taken.signal).catch(() => undefined),
    );
    const caller = new AbortController();
    const waiting = database.db.query('select 1', [], caller.signal);
    setTimeout(() => caller.abort(), 100);
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    taken.abort();
    await Promise.all(all);
    expect(await database.db.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('says so when the server’s own limit ends a statement', async () => {
    const slow = database.db.tx(async (tx) => {
      await tx.query(`set local statement_timeout = '50ms'`);
      await tx.query('select pg_sleep(30)');
    });
    await expect(slow).rejects.toMatchObject({ code: 'timeout', retryable: true });
  });

  it('outlives a connection that the server closes', async () => {
    const closed = database.db.tx(async (tx) => {
      const [session] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await database.admin.query('select pg_terminate_backend($1)', [session?.pid]);
      await delay(100);
      await tx.query('select 1');
    });
    await expect(closed).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(await database.db.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('does not invite to repeat what may have been committed, when the connection breaks just then', async () => {
    const { pool, close } = await openPostgres({ url: database.url ?? '', max: 1 });
    const breaking: PoolLike = {
      async connect() {
        const client = await pool.connect();
        const query = client.query.bind(client) as (statement: { text?: string }) => Promise<never>;
        const broken = (statement: { text?: string }) => {
          const sent = query(statement);
          if (statement.text === 'commit') (client as unknown as ClientLike).connection.stream.destroy();
          return sent;
        };
        return Object.assign(client, { query: broken }) as unknown as ClientLike;
      },
    };
    const lost = fromPool(breaking).tx((tx) => tx.query('select 1'));
    await expect(lost).rejects.toMatchObject({ code: 'internal', retryable: false });
    expect(await database.db.query('select 1 as one')).toEqual([{ one: 1 }]);
    await close();
  });

  it('is bounded by the settings of its role', async () => {
    const [settings] = await database.db.query(
      `select current_setting('statement_timeout') as statement, current_setting('jit') as jit,
         current_setting('plan_cache_mode') as plans`,
    );
    expect(settings).toEqual({ statement: '30s', jit: 'off', plans: 'force_custom_plan' });
  });
});
