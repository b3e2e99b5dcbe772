import { testDatabases, type TestDatabase } from '../testing/test-databases.js';

/** What must hold of every table with a tenant_id, whoever added it, read from PostgreSQL's own catalogue. */
describe.each(testDatabases())('the catalogue on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  /** Tables with a tenant_id, partitions among them, as `c`. */
  const TENANT_TABLES = `
    pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'packhouse'
      join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped
    where c.relkind in ('r', 'p')`;
  const names = async (sql: string) => (await database.admin.query<{ name: string }>(sql)).map(({ name }) => name);

  it('has tenant tables, partitions among them', async () => {
    const tables = await names(`select c.relname as name from ${TENANT_TABLES}`);
    expect(tables).toEqual(expect.arrayContaining(['tenants', 'chunks', 'chunks_0', 'chunk_terms_15', 'corpus']));
  });

  it('has no table without a tenant but the ledger of migrations', async () => {
    const all = await names(`
      select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'packhouse' and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and c.oid not in (select c.oid from ${TENANT_TABLES})`);
    expect(all).toEqual(['migrations']);
  });

  it('enables and forces row-level security on each', async () => {
    const open = `select c.relname as name from ${TENANT_TABLES} and not (c.relrowsecurity and c.relforcerowsecurity)`;
    expect(await names(open)).toEqual([]);
  });

  it('has on each the one policy, for all commands, reading and writing', async () => {
    const rule = `(tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text))`;
    const strange = `
      select c.relname as name from ${TENANT_TABLES} and (
        select array_agg(row(p.polcmd, p.polpermissive, pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid))::text)
        from pg_policy p where p.polrelid = c.oid and p.polname <> 'directory'
      ) is distinct from array[row('*'::"char", true, $q$${rule}$q$::text, $q$${rule}$q$::text)::text]`;
    expect(await names(strange)).toEqual([]);
  });

  it('begins every key, unique index and foreign key with tenant_id, never null', async () => {
    const keys = `
      select c.relname || ': ' || i.indexrelid::regclass as name
      from ${TENANT_TABLES.replace('where', 'join pg_index i on i.indrelid = c.oid where')}
        and (i.indisunique or i.indisprimary) and i.indkey[0] <> t.attnum`;
    const foreign = `
      select c.relname || ': ' || k.conname as name
      from ${TENANT_TABLES.replace('where', 'join pg_constraint k on k.conrelid = c.oid where')}
        and k.contype = 'f' and (k.conkey[1] <> t.attnum or k.confkey[1] <> (
          select attnum from pg_attribute where attrelid = k.confrelid and attname = 'tenant_id'))`;
    const nullable = `select c.relname as name from ${TENANT_TABLES} and not t.attnotnull`;
    const keyless = `select c.relname as name from ${TENANT_TABLES}
      and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`;
    for (const faults of [keys, foreign, nullable, keyless]) expect(await names(faults)).toEqual([]);
  });

  it('grants rows on parents only, and nothing that goes around the policies', async () => {
    const granted = await database.admin.query<{ partition: boolean; privileges: string }>(`
      select c.relispartition as partition, string_agg(a.privilege_type, ' ' order by a.privilege_type) as privileges
      from ${TENANT_TABLES.replace('where', 'cross join lateral aclexplode(c.relacl) a where')}
        and a.grantee <> c.relowner
      group by c.oid, c.relispartition, a.grantee`);
    expect(granted.length).toBeGreaterThan(0);
    for (const grant of granted) {
      expect(grant).toEqual({ partition: false, privileges: 'DELETE INSERT SELECT UPDATE' });
    }
    const toOthers = `
      select c.relname as name from ${TENANT_TABLES.replace('where', 'cross join lateral aclexplode(c.relacl) a where')}
        and a.grantee not in (c.relowner, 'packhouse_app'::regrole)`;
    expect(await names(toOthers)).toEqual([]);
  });

  it('belongs to a role that cannot log in and that the application is not', async () => {
    expect(await names(`select distinct c.relowner::regrole::text as name from ${TENANT_TABLES}`)).toEqual([
      'packhouse_owner',
    ]);
    expect(
      await database.admin.query(`
      select rolcanlogin, rolsuper, rolbypassrls, pg_has_role('packhouse_app', oid, 'member') as app
      from pg_roles where rolname = 'packhouse_owner'`),
    ).toEqual([{ rolcanlogin: false, rolsuper: false, rolbypassrls: false, app: false }]);
    expect(
      await database.admin.query(`
      select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'packhouse_app'`),
    ).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
  });

  it('has no function that runs with its owner’s rights, and no view that does', async () => {
    const definers = `
      select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('packhouse', 'packhouse_jobs') and p.prosecdef`;
    const views = `
      select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('packhouse', 'packhouse_jobs') and c.relkind = 'm'
        or n.nspname = 'packhouse' and c.relkind = 'v' and not coalesce(c.reloptions @> '{security_invoker=true}', false)`;
    expect(await names(definers)).toEqual([]);
    expect(await names(views)).toEqual([]);
  });

  it('leaves the application one schema of its own: the queue’s', async () => {
    expect(
      await names(`
      select nspname as name from pg_namespace
      where has_schema_privilege('packhouse_app', oid, 'create') and nspname !~ '^pg_(toast_)?temp'`),
    ).toEqual(['packhouse_jobs']);
  });
});
