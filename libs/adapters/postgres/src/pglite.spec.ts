import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { tenantId } from '@packhouse/core';
import { asTenant } from './db/db.js';
import { fromPglite, openPglite } from './pglite.js';

describe('openPglite', () => {
  let folder: string;
  beforeEach(async () => (folder = join(await mkdtemp(join(tmpdir(), 'packhouse-')), 'data')));
  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  const tenant = tenantId('acme');

  it('finds again what it kept, and lets no one else in meanwhile', async () => {
    const first = await openPglite(folder);
    await asTenant(first.db, tenant, (tx) => tx.query('insert into packhouse.tenants values ($1)', [tenant]));
    await expect(openPglite(folder)).rejects.toMatchObject({ code: 'conflict' });
    await first.close();
    const second = await openPglite(folder);
    const found = await asTenant(second.db, tenant, (tx) => tx.query('select tenant_id from packhouse.tenants'));
    expect(found).toEqual([{ tenant_id: tenant }]);
    await second.close();
  });

  it('is the application’s role from first to last', async () => {
    const { db, close } = await openPglite();
    const role = () => db.query('select current_user as role');
    expect(await role()).toEqual([{ role: 'packhouse_app' }]);
    await db.tx((tx) => tx.query('select 1/0')).catch(() => undefined);
    await asTenant(db, tenant, (tx) => tx.query('select 1'));
    expect(await role()).toEqual([{ role: 'packhouse_app' }]);
    await expect(db.query('create table packhouse.mine ()')).rejects.toMatchObject({ code: '42501' });
    await expect(db.query(`insert into packhouse.tenants values ('x')`)).rejects.toMatchObject({ code: '42501' });
    await close();
  });
});

it('fromPglite reads as openPglite does from a PGlite of the caller’s, which goes on to read as it did', async () => {
  const lite = await PGlite.create();
  const sql = `select 1::int8 as one, 9007199254740993::int8 as most, '\\x00ff'::bytea as bytes`;
  const before = await lite.query(sql);
  const db = fromPglite(lite);
  const [row] = await db.query(sql.replace('9007199254740993', '2'));
  expect(row).toEqual({ one: 1, most: 2, bytes: Buffer.from([0, 255]) });
  await expect(db.query(sql)).rejects.toThrow('is beyond what a number holds');
  expect(await lite.query(sql)).toEqual(before);
  expect(before.rows).toMatchObject([{ most: 9007199254740993n }]);
  await lite.close();
});
