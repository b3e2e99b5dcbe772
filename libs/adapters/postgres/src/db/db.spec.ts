import { tenantId } from '@packhouse/core';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { asTenant, eachAsTenant } from './db.js';

describe.each(testDatabases())('a Db on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  const tenant = tenantId('acme');
  const tenants = () => database.admin.query('select tenant_id from packhouse.tenants');

  it('reads int8 as a number, and refuses one that a number cannot hold', async () => {
    const { db } = database;
    expect(
      await db.query('select 9007199254740991::int8 as most, sum(x) as sum from unnest(array[1, 2]) as x'),
    ).toEqual([{ most: 9007199254740991, sum: 3 }]);
    await expect(db.query('select 9007199254740993::int8')).rejects.toThrow(/9007199254740993 is beyond/);
  });

  it('takes bytes, arrays, JSON and null as parameters', async () => {
    const texts = ['a "b"', 'c\\d', '{e,f}', 'NULL', '', "g'h"];
    const bytes = Buffer.from([0, 1, 0x27, 0x5c, 255]);
    const [row] = await database.db.query<{ bytes: Uint8Array }>(
      'select $1::bytea as bytes, $2::text[] as texts, $3::jsonb as json, $4::text as nothing, $5::int[] as numbers',
      [bytes, texts, JSON.stringify({ a: [1, 'ü'] }), null, [1, -2]],
    );
    expect(row).toMatchObject({ texts, json: { a: [1, 'ü'] }, nothing: null, numbers: [1, -2] });
    expect(Buffer.from(row?.bytes ?? [])).toEqual(bytes);
  });

  it('runs several statements without parameters and gives the last one’s rows', async () => {
    expect(await database.db.query('select 1 as a; select 2 as b')).toEqual([{ b: 2 }]);
  });

  it('commits what returns and rolls back what throws', async () => {
    const insert = (name: string) => `insert into packhouse.tenants values ('${name}')`;
    await database.admin.tx((tx) => tx.query(insert('stays')));
    const thrown = database.admin.tx(async (tx) => {
      await tx.query(insert('goes'));
      throw new Error('on purpose');
    });
    await expect(thrown).rejects.toThrow('on purpose');
    expect(await tenants()).toEqual([{ tenant_id: 'stays' }]);
  });

  it('does not claim to have committed what a caught error had rolled back', async () => {
    const swallowed = database.admin.tx(async (tx) => {
      await tx.query(`insert into packhouse.tenants values ('lost')`);
      await tx.query('select 1/0').catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow();
    expect(await tenants()).not.toContainEqual({ tenant_id: 'lost' });
  });

  it('gives PostgreSQL’s own error for what the SQL got wrong', async () => {
    await expect(database.db.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
  });

  it('does not begin for a caller who has gone away', async () => {
    const gone = AbortSignal.abort();
    await expect(database.db.query('select 1', [], gone)).rejects.toMatchObject({ code: 'aborted' });
    await expect(database.db.tx(async () => 1, gone)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('rolls back when the caller goes away between two statements', async () => {
    const caller = new AbortController();
    const work = asTenant(
      database.db,
      tenant,
      async (tx) => {
        await tx.query('insert into packhouse.tenants values ($1)', [tenant]);
        caller.abort();
        await tx.query('select 1');
      },
      caller.signal,
    );
    await expect(work).rejects.toMatchObject({ code: 'aborted' });
    expect(await tenants()).not.toContainEqual({ tenant_id: tenant });
  });

  it('holds a tenant for one transaction, also one that fails', async () => {
    const current = () => database.db.query(`select nullif(current_setting('app.tenant', true), '') as tenant`);
    const inside = await asTenant(database.db, tenant, (tx) =>
      tx.query(`select current_setting('app.tenant') as tenant`),
    );
    expect(inside).toEqual([{ tenant }]);
    await asTenant(database.db, tenant, (tx) => tx.query('select 1/0')).catch(() => undefined);
    expect(await Promise.all(Array.from({ length: 12 }, current))).toEqual(Array(12).fill([{ tenant: null }]));
  });

  it('runs each query of a tenant for that tenant, and commits it by itself', async () => {
    const each = eachAsTenant(database.db, tenantId('each'));
    const insert = 'insert into packhouse.tenants values ($1)';
    await each.query(insert, [each.tenant]);
    await expect(each.query(insert, ['other'])).rejects.toMatchObject({ code: '42501' });
    expect(await each.query('select tenant_id from packhouse.tenants')).toEqual([{ tenant_id: each.tenant }]);
    expect(await database.db.query('select tenant_id from packhouse.tenants')).toEqual([]);
  });

  it('reads by a prepared statement what is this tenant’s, whoever asked by it before', async () => {
    const tenants = [tenantId('first'), tenantId('second')];
    for (const each of tenants) {
      await asTenant(database.db, each, (tx) => tx.query('insert into packhouse.tenants values ($1)', [each]));
    }
    const reads = tenants.map((each) => eachAsTenant(database.db, each));
    // No predicate of its own: what keeps them apart is the policy, within a plan that was made for another.
    const ask = ({ prepared, query }: (typeof reads)[0]) =>
      (prepared ?? query)('select tenant_id from packhouse.tenants');
    const asked = Array.from({ length: 60 }, (_, at) => ask(reads[at % 2] as (typeof reads)[0]));
    expect((await Promise.all(asked)).flat()).toEqual(asked.map((_, at) => ({ tenant_id: tenants[at % 2] })));
    expect(await database.db.query('select tenant_id from packhouse.tenants')).toEqual([]);
  });

  it('tells of what fails first in a transaction, and goes on afterwards', async () => {
    const fails = (sql: string, params?: unknown[]) => asTenant(database.db, tenant, (tx) => tx.query(sql, params));
    await expect(fails('select 1/$1::int', [0])).rejects.toMatchObject({ code: '22012' });
    await expect(fails('select 1/0; select 1')).rejects.toMatchObject({ code: '22012' });
    await expect(fails('select $1::text::int8', ['9007199254740993'])).rejects.toThrow(/9007199254740993 is beyond/);
    expect(await Promise.all(Array.from({ length: 12 }, () => fails('select 1 as one', [])))).toHaveLength(12);
  });

  it('runs several statements without parameters first in a transaction too', async () => {
    const rows = await asTenant(database.db, tenant, (tx) =>
      tx.query(`select 1 as a; select current_setting('app.tenant') as tenant`),
    );
    expect(rows).toEqual([{ tenant }]);
  });

  it('does nothing for work that asks nothing of it', async () => {
    expect(await asTenant(database.db, tenant, async () => 'done')).toBe('done');
  });

  it('runs nothing outside its transaction after a first statement that came too late', async () => {
    const swallowed = database.admin.tx(async (tx) => {
      await tx.query('select 1', [], AbortSignal.abort()).catch(() => undefined);
      await tx.query(`insert into packhouse.tenants values ('late')`);
      throw new Error('on purpose');
    });
    await expect(swallowed).rejects.toThrow('on purpose');
    expect(await tenants()).not.toContainEqual({ tenant_id: 'late' });
  });
});
