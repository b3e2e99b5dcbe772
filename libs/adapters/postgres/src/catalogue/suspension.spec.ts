import { tenantId } from '@packhouse/core';
import { asTenant } from '../db/db.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { isSuspended, resumeTenant, suspendTenant } from './suspension.js';
import { ensureTenant, eraseTenant } from './tenants.js';

const [acme, ac] = [tenantId('acme'), tenantId('ac')];

describe.each(testDatabases())('a suspended tenant on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()), 60_000);
  afterAll(() => database?.close());

  const suspended = () =>
    Promise.all([acme, ac].map((tenant) => asTenant(database.db, tenant, (tx) => isSuspended(tx))));

  it('is one that an administrator suspended, and no other, until he resumes it', async () => {
    await asTenant(database.db, ac, (tx) => ensureTenant(tx));
    expect(await suspended()).toEqual([false, false]);
    // Not known yet: so its first token is refused already.
    await suspendTenant(database.admin, acme);
    await suspendTenant(database.admin, acme);
    expect(await suspended()).toEqual([true, false]);
    await resumeTenant(database.admin, acme);
    expect(await suspended()).toEqual([false, false]);
    await expect(resumeTenant(database.admin, acme)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('cannot be resumed by what serves requests', async () => {
    await suspendTenant(database.admin, acme);
    const lift = 'update packhouse.tenants set suspended_at = null';
    await expect(asTenant(database.db, acme, (tx) => tx.query(lift))).rejects.toMatchObject({ code: '42501' });
    expect(await suspended()).toEqual([true, false]);
  });

  it('is forgotten with all there is of it', async () => {
    await suspendTenant(database.admin, acme);
    await asTenant(database.db, acme, (tx) => eraseTenant(tx));
    expect(await suspended()).toEqual([false, false]);
  });
});
