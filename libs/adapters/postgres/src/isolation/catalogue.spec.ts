import { pgBossQueue } from '../jobs/pg-boss-queue.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { catalogueFaults } from './catalogue-faults.js';
import { rolledBack } from './rolled-back.js';

const AS_OWNER = 'set local role packhouse_owner;';
const NOTES = 'create table packhouse.notes (tenant_id text not null, note_id text not null, file_id text,';
const KEYED = `${AS_OWNER} ${NOTES} primary key (tenant_id, note_id));`;
const PROTECTED = `${KEYED} call packhouse.protect('packhouse.notes');`;

/** What somebody might add, and the rule that it breaks. */
const PLANTED: [fault: string, sql: string, rule: RegExp][] = [
  ['a table without a tenant', 'create table packhouse.loose (id int primary key)', /known to hold none/],
  ['a tenant table that nobody protected', KEYED, /enabled and forced/],
  [
    'a tenant table in another schema',
    'create table public.notes (tenant_id text not null primary key)',
    /enabled and forced/,
  ],
  [
    'row-level security that is not forced',
    `${PROTECTED} alter table packhouse.notes no force row level security`,
    /enabled and forced/,
  ],
  [
    'a partition outside the policies',
    `${AS_OWNER} alter table packhouse.chunks_7 disable row level security`,
    /enabled and forced/,
  ],
  ['a policy that lets all through', `create policy all_of_it on packhouse.files using (true)`, /one policy/],
  ['a policy for reading alone', 'alter policy tenant on packhouse.files with check (true)', /one policy/],
  ['a directory open to all', 'alter policy directory on packhouse.tenants to public', /one policy/],
  [
    'a tenant that may be null',
    `${PROTECTED} alter table packhouse.notes drop constraint notes_pkey; alter table packhouse.notes alter tenant_id drop not null`,
    /names its tenant/,
  ],
  [
    'a unique key over all tenants',
    `${PROTECTED} create unique index on packhouse.notes (note_id)`,
    /unique key begins/,
  ],
  [
    'a unique key with the tenant behind',
    `${PROTECTED} alter table packhouse.notes add unique (note_id, tenant_id)`,
    /unique key begins/,
  ],
  [
    'a plain foreign key',
    `${PROTECTED} create unique index one on packhouse.files (file_id);
     alter table packhouse.notes add foreign key (file_id) references packhouse.files (file_id)`,
    /foreign key begins/,
  ],
  ['a right to truncate', 'grant truncate on packhouse.files to packhouse_app', /rights, on parents alone/],
  ['a right to a partition', 'grant select on packhouse.chunks_3 to packhouse_app', /rights, on parents alone/],
  ['a right to a column', 'grant references (file_id) on packhouse.files to packhouse_app', /rights, on parents alone/],
  ['a right for everybody', 'grant select on packhouse.files to public', /rights, on parents alone/],
  ['a table of the application’s own', 'alter table packhouse.files owner to packhouse_app', /packhouse_owner owns/],
  ['a view with its owner’s rights', 'create view packhouse.all_files as select * from packhouse.files', /a view runs/],
  ['a materialized view', 'create materialized view public.copy as select * from packhouse.files', /a view runs/],
  ['a rule', 'create rule odd as on insert to packhouse.files do also select 1', /no table has a rule/],
  [
    'a SECURITY DEFINER function',
    `create function public.peek() returns bigint language sql security definer as 'select count(*) from packhouse.files'`,
    /owner’s rights/,
  ],
  [
    'a function that anyone may run',
    `create function packhouse.one() returns int language sql as 'select 1'`,
    /the public may/,
  ],
  ['a schema that anyone may use', 'grant usage on schema packhouse to public', /the public may/],
  ['a schema that anyone may create in', 'grant create on schema public to public', /the public may/],
  ['a schema that the application may create in', 'grant create on schema packhouse to packhouse_app', /creates in/],
  ['the right to read all', 'grant pg_read_all_data to packhouse_app', /may become no other/],
  ['the owner’s rights', 'grant packhouse_owner to packhouse_app', /may become no other/],
  ['BYPASSRLS', 'alter role packhouse_app bypassrls', /no attribute/],
  ['an owner that logs in', 'alter role packhouse_owner login', /cannot log in/],
  [
    'rights by default',
    'alter default privileges in schema packhouse grant select on tables to packhouse_app',
    /by default/,
  ],
];

describe.each(testDatabases())('the catalogue on $name', ({ name, open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
    // The queue makes its own tables when it first starts.
    const queue = await pgBossQueue({ db: database.db, exclusive: name === 'PGlite', onError: () => undefined });
    await queue.stop();
  });
  afterAll(() => database.close());

  it('breaks none of the rules that isolation rests on', async () => {
    expect(await catalogueFaults(database.admin)).toEqual([]);
  });

  it('has tenant tables, partitions among them', async () => {
    const tables = await database.admin.query<{ name: string }>(
      `select attrelid::regclass::text as name from pg_attribute where attname = 'tenant_id' and not attisdropped`,
    );
    const expected = ['tenants', 'chunks', 'chunks_0', 'chunk_terms_15', 'corpus'].map((table) => `packhouse.${table}`);
    expect(tables.map((table) => table.name)).toEqual(expect.arrayContaining(expected));
  });

  it.each(PLANTED)('would show %s', async (_, sql, rule) => {
    const faults = await rolledBack(database.admin, async (tx) => {
      await tx.query(sql);
      await tx.query('set local role none');
      return catalogueFaults(tx);
    });
    expect(faults.map((fault) => fault.rule)).toContainEqual(expect.stringMatching(rule));
  });
});
