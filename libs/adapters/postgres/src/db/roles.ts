import { PackhouseError } from '@packhouse/core';
import type { Queryable } from './db.js';

/** The role that serves requests: row-level security binds it. */
export const APP_ROLE = 'packhouse_app';

/** What the session's role may do that the application's must not. */
export interface RoleDescription {
  readonly name: string;
  readonly superuser: boolean;
  readonly bypassesRls: boolean;
  /** Owns a table with a tenant_id, or may become its owner. */
  readonly ownsTenantTables: boolean;
  readonly createsRoles: boolean;
  /** True for a role that could run migrations: any of the above. */
  readonly privileged: boolean;
}

export async function describeRole(db: Queryable): Promise<RoleDescription> {
  const [role] = await db.query<Omit<RoleDescription, 'privileged'>>(DESCRIBE);
  if (!role) throw new PackhouseError('internal', 'The session has no role.');
  const { superuser, bypassesRls, ownsTenantTables, createsRoles } = role;
  return { ...role, privileged: superuser || bypassesRls || ownsTenantTables || createsRoles };
}

const DESCRIBE = `
  select rolname as name, rolsuper as superuser, rolbypassrls as "bypassesRls", rolcreaterole as "createsRoles",
    exists (
      select from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      where n.nspname = 'packhouse' and c.relkind in ('r', 'p') and pg_has_role(current_user, c.relowner, 'member')
    ) as "ownsTenantTables"
  from pg_roles where rolname = current_user`;

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

function faultOf({ superuser, bypassesRls, ownsTenantTables }: RoleDescription): string | undefined {
  if (superuser) return 'is a superuser';
  if (bypassesRls) return 'has BYPASSRLS';
  return ownsTenantTables ? 'owns tenant tables' : undefined;
}

function mendOf({ name, superuser, bypassesRls }: RoleDescription): string {
  if (superuser || bypassesRls) return `alter role "${name}" nosuperuser nobypassrls`;
  return `reassign owned by "${name}" to packhouse_owner; revoke packhouse_owner from "${name}"`;
}
