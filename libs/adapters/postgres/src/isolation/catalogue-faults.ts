import type { Queryable } from '../db/db.js';

/** A rule of the schema, and the SQL that names (as `name`) what breaks it. */
interface Rule {
  readonly rule: string;
  readonly faults: string;
}

export interface Fault {
  readonly rule: string;
  readonly name: string;
}

/** What in the database breaks the rules that isolation rests on, read from PostgreSQL's own catalogue: nothing, always. */
export async function catalogueFaults(admin: Queryable): Promise<Fault[]> {
  const found: Fault[] = [];
  for (const { rule, faults } of RULES) {
    const rows = await admin.query<{ name: string }>(faults);
    found.push(...rows.map(({ name }) => ({ rule, name })));
  }
  return found;
}

/** Whatever has columns, in any schema but PostgreSQL's own: `c`, in the schema `n`. */
const RELATIONS = `
  pg_class c join pg_namespace n on n.oid = c.relnamespace
    and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;

/** Tables with a tenant_id (`t`), partitions among them. */
const TENANT_TABLES = `
  ${RELATIONS} and c.relkind in ('r', 'p')
  join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped`;

/** Functions that no extension brought: `p`. */
const FUNCTIONS = `
  pg_proc p join pg_namespace n on n.oid = p.pronamespace
    and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')`;

const APP = `'packhouse_app'::regrole`;
const TENANT = `(tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text))`;

const RULES: readonly Rule[] = [
  {
    rule: 'a table holds rows of tenants, or is one of the few that are known to hold none',
    // The ledger of migrations; pg-boss's own tables, which hold ids (libs/adapters/postgres/src/jobs).
    faults: `
      select c.oid::regclass::text as name from ${RELATIONS} and c.relkind in ('r', 'p', 'f')
      where not exists (select from pg_attribute where attrelid = c.oid and attname = 'tenant_id' and not attisdropped)
        and c.oid::regclass::text <> 'packhouse.migrations'
        and c.oid::regclass::text !~ '^packhouse_jobs\\.(instance|job|job_\\w+|queue|queue_stats\\w*|schedule|subscription|version|warning|bam)$'`,
  },
  {
    rule: 'row-level security is enabled and forced, on partitions too',
    faults: `select c.oid::regclass::text as name from ${TENANT_TABLES}
      where not (c.relrowsecurity and c.relforcerowsecurity)`,
  },
  {
    rule: 'one policy rules all commands, reading and writing; the directory of tenants may be read by its owner',
    faults: `
      select c.oid::regclass::text as name from ${TENANT_TABLES}
      where (
        select array_agg(row(p.polname, p.polcmd, p.polpermissive, p.polroles, pg_get_expr(p.polqual, c.oid),
          pg_get_expr(p.polwithcheck, c.oid))::text order by p.polname desc)
        from pg_policy p where p.polrelid = c.oid
      ) is distinct from array[row('tenant'::name, '*'::"char", true, '{0}'::oid[], $q$${TENANT}$q$::text,
          $q$${TENANT}$q$::text)::text]
        || case when c.oid = to_regclass('packhouse.tenants') then array[row('directory'::name, 'r'::"char", true,
          array['packhouse_owner'::regrole::oid], 'true'::text, null::text)::text] else array[]::text[] end`,
  },
  {
    rule: 'a row names its tenant, and has a primary key',
    faults: `
      select c.oid::regclass::text as name from ${TENANT_TABLES}
      where not t.attnotnull or not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`,
  },
  {
    rule: 'a unique key begins with tenant_id: any other would tell who has a value',
    faults: `
      select i.indexrelid::regclass::text as name from ${TENANT_TABLES} join pg_index i on i.indrelid = c.oid
      where (i.indisunique or i.indisexclusion) and i.indkey[0] <> t.attnum`,
  },
  {
    rule: 'a foreign key begins with tenant_id on both sides: a plain one accepts another tenant’s row',
    faults: `
      select k.conrelid::regclass || ': ' || k.conname as name from pg_constraint k
        left join pg_attribute own on own.attrelid = k.conrelid and own.attname = 'tenant_id'
        join pg_attribute theirs on theirs.attrelid = k.confrelid and theirs.attname = 'tenant_id'
      where k.contype = 'f' and (k.conkey[1] is distinct from own.attnum or k.confkey[1] <> theirs.attnum)`,
  },
  {
    rule: 'the application alone has rights, on parents alone, to rows alone',
    faults: `
      select c.oid::regclass || ' to ' || a.grantee::regrole || ': ' || a.privilege_type as name
      from ${TENANT_TABLES} cross join lateral (
        select * from aclexplode(c.relacl)
        union all
        select acl.* from pg_attribute col cross join lateral aclexplode(col.attacl) acl where col.attrelid = c.oid
      ) a
      where a.grantee <> c.relowner and (a.grantee <> ${APP} or c.relispartition or a.is_grantable
        or a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))`,
  },
  {
    rule: 'packhouse_owner owns what holds rows of tenants',
    faults: `select c.oid::regclass::text as name from ${TENANT_TABLES} where c.relowner <> 'packhouse_owner'::regrole`,
  },
  {
    rule: 'a view runs with the rights of who reads it; no materialized one keeps rows beside the policies',
    faults: `
      select c.oid::regclass::text as name from ${RELATIONS}
      where c.relkind = 'm' or c.relkind = 'v' and not coalesce(c.reloptions && '{security_invoker=true,security_invoker=on}', false)`,
  },
  {
    rule: 'no table has a rule that rewrites what is asked of it',
    faults: `
      select r.ev_class::regclass || ': ' || r.rulename as name
      from pg_rewrite r join (${`select c.oid from ${RELATIONS} and c.relkind in ('r', 'p')`}) c on c.oid = r.ev_class`,
  },
  {
    rule: 'no function runs with its owner’s rights, or claims to be leakproof',
    faults: `select p.oid::regprocedure::text as name from ${FUNCTIONS} where p.prosecdef or p.proleakproof`,
  },
  {
    rule: 'the public may neither use nor create in a schema of ours, nor run what is in it',
    faults: `
      select n.nspname || ': ' || a.privilege_type as name
      from pg_namespace n cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
      where a.grantee = 0 and (n.nspname in ('packhouse', 'packhouse_jobs')
        or a.privilege_type = 'CREATE' and n.nspname !~ '^pg_')
      union all
      select p.oid::regprocedure || ': ' || a.privilege_type
      from ${FUNCTIONS} cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      where a.grantee = 0 and n.nspname = 'packhouse'`,
  },
  {
    rule: 'the application creates in the queue’s schema alone',
    faults: `
      select n.nspname::text as name from pg_namespace n
      where has_schema_privilege(${APP}, n.oid, 'create') and n.nspname <> 'packhouse_jobs'
        and n.nspname !~ '^pg_(toast_)?temp'
      union all
      select datname::text from pg_database
      where datname = current_database() and has_database_privilege(${APP}, oid, 'create')`,
  },
  {
    rule: 'the application’s role has no attribute that goes around the policies, and may become no other role',
    faults: `
      select rolname::text as name from pg_roles
      where oid = ${APP} and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
      union all
      select rolname::text from pg_roles where oid <> ${APP} and pg_has_role(${APP}, oid, 'member')`,
  },
  {
    rule: 'packhouse_owner cannot log in, and is bound itself',
    faults: `
      select rolname::text as name from pg_roles
      where rolname = 'packhouse_owner' and (rolcanlogin or rolsuper or rolbypassrls or rolcreaterole)`,
  },
  {
    rule: 'no right is given by default to what is made later',
    faults: `
      select d.defaclrole::regrole || ': ' || d.defaclobjtype::text as name
      from pg_default_acl d cross join lateral aclexplode(d.defaclacl) a where a.grantee <> d.defaclrole`,
  },
];
