import { tenantId } from '@packhouse/core';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { asTenant } from './db.js';
import { expectRows, forEachTenant } from './for-each-tenant.js';

const TENANTS = ['a', 'ab', 'b'].map(tenantId);

describe.each(testDatabases())('work across tenants on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
    for (const tenant of TENANTS) {
      await asTenant(database.db, tenant, async (tx) => {
        await tx.query('insert into packhouse.tenants (tenant_id) values ($1)', [tenant]);
        await tx.query('insert into packhouse.corpus (tenant_id, chunks) values ($1, 1)', [tenant]);
      });
    }
  });
  afterAll(() => database.close());

  const chunkCounts = () =>
    database.admin.query('select tenant_id as tenant, chunks from packhouse.corpus order by tenant_id');
  const BACKFILL = 'update packhouse.corpus set chunks = chunks + 1 returning tenant_id';

  it('reaches each tenant once, and no other from within it', async () => {
    const reached = await forEachTenant(database.admin, (tx) => tx.query(BACKFILL));
    expect([...reached]).toEqual(TENANTS.map((tenant) => [tenant, [{ tenant_id: tenant }]]));
    expect(await chunkCounts()).toEqual(TENANTS.map((tenant) => ({ tenant, chunks: 2 })));
  });

  it('is needed: a backfill of the owner’s own changes nothing and says nothing', async () => {
    const before = await chunkCounts();
    const changed = await database.admin.tx(async (tx) => {
      await tx.query('set local role packhouse_owner');
      return tx.query(BACKFILL);
    });
    expect(changed).toEqual([]);
    expect(await chunkCounts()).toEqual(before);
  });

  it('rolls back a tenant’s work that does not touch the rows it was to touch', async () => {
    const before = await chunkCounts();
    const work = forEachTenant(database.admin, (tx) => expectRows(2, tx.query(BACKFILL)));
    await expect(work).rejects.toMatchObject({ code: 'conflict' });
    expect(await chunkCounts()).toEqual(before);
  });

  it('lets the owner read who there is, and neither add nor remove any', async () => {
    const asOwner = (sql: string) =>
      database.admin.tx(async (tx) => {
        await tx.query('set local role packhouse_owner');
        return tx.query(sql);
      });
    expect(await asOwner('select tenant_id from packhouse.tenants')).toHaveLength(TENANTS.length);
    expect(await asOwner('delete from packhouse.tenants returning 1')).toEqual([]);
    await expect(asOwner(`insert into packhouse.tenants (tenant_id) values ('c')`)).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('does not take a directory that it cannot read for an empty one', async () => {
    await database.admin.query('alter policy directory on packhouse.tenants rename to hidden');
    await expect(forEachTenant(database.admin, async () => 1)).rejects.toMatchObject({ code: 'unavailable' });
    await database.admin.query('alter policy hidden on packhouse.tenants rename to directory');
  });
});
