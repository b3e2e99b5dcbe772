import { PackhouseError } from '@packhouse/core';
import type { Queryable } from './db.js';

/** The role that serves requests: row-level security binds it. */
export const APP_ROLE = 'packhouse_app';

/** What the session's role may do that the application's must not. */
export interface RoleDescription {
  readonly name: string;
  readonly superuser: boolean;
  readonly bypassesRls: boolean;
  /** A table with a tenant_id that it owns itself. */
  readonly owns: string | null;
  /** A role it may become that is a superuser, has BYPASSRLS or owns a table with a tenant_id. */
  readonly mayBecome: string | null;
  /** The role it is a member of by which it may. */
  readonly through: string | null;
  readonly createsRoles: boolean;
  /** True for a role that could run migrations: any of the above. */
  readonly privileged: boolean;
}

export async function describeRole(db: Queryable): Promise<RoleDescription> {
  const [role] = await db.query<Omit<RoleDescription, 'privileged'>>(DESCRIBE);
  if (!role) throw new PackhouseError('internal', 'The session has no role.');
  return { ...role, privileged: faultOf(role) !== undefined || role.createsRoles };
}

const DESCRIBE = `
  with tenant_tables as (
    select c.oid::regclass::text as name, c.relowner
    from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where n.nspname = 'packhouse' and c.relkind in ('r', 'p')
  )
  select me.rolname as name, me.rolsuper as superuser, me.rolbypassrls as "bypassesRls", me.rolcreaterole as "createsRoles",
    (select min(t.name) from tenant_tables t where t.relowner = me.oid) as owns,
    reach.other as "mayBecome", reach.through
  from pg_roles me
    left join lateral (
      select other.rolname as other, held.rolname as through
      from pg_auth_members m
        join pg_roles held on held.oid = m.roleid
        join pg_roles other on pg_has_role(held.oid, other.oid, 'member')
      where m.member = me.oid
        and (other.rolsuper or other.rolbypassrls or other.oid in (select relowner from tenant_tables))
      order by other.rolname, held.rolname
      limit 1
    ) reach on true
  where me.rolname = current_user`;

/**
 * Refuses a session whose role row-level security does not bind.
 *
 * @throws PackhouseError `forbidden` naming the role and the command that mends it
 */
export async function checkRole(db: Queryable): Promise<void> {
  const role = await describeRole(db);
  const fault = faultOf(role);
  if (!fault) return;
  throw new PackhouseError(
    'forbidden',
    `The database role "${role.name}" ${fault}, so row-level security would not keep tenants apart. Connect as ` +
      `${APP_ROLE} (alter role ${APP_ROLE} login password '...'), or mend the role: ${mendOf(role)}`,
  );
}

type Described = Omit<RoleDescription, 'privileged'>;

function faultOf({ superuser, bypassesRls, owns, mayBecome }: Described): string | undefined {
  if (superuser) return 'is a superuser';
  if (bypassesRls) return 'has BYPASSRLS';
  if (owns !== null) return `owns the table ${owns}`;
  return mayBecome === null ? undefined : `may become "${mayBecome}", which is not bound`;
}

function mendOf({ name, superuser, bypassesRls, owns, through }: Described): string {
  if (superuser || bypassesRls) return `alter role "${name}" nosuperuser nobypassrls`;
  return owns === null ? `revoke "${through}" from "${name}"` : `reassign owned by "${name}" to packhouse_owner`;
}
