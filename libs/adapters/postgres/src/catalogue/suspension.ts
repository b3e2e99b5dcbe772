import { PackhouseError, type TenantId } from '@packhouse/core';
import { asOwnerFor } from '../db/for-each-tenant.js';
import type { Db, TenantTx } from '../db/db.js';

/** Whether an administrator has suspended the tenant. One that is not known yet is not. */
export async function isSuspended(tx: TenantTx, signal?: AbortSignal): Promise<boolean> {
  return (await tx.query(SUSPENDED, [tx.tenant], signal)).length > 0;
}

/**
 * Has the tenant's callers refused from now on, one that is not known yet too. Its rows stay as they are. Erasing the
 * tenant forgets it.
 *
 * @param admin connected as a role that is a member of packhouse_owner, as the one that migrated is
 */
export async function suspendTenant(admin: Db, tenant: TenantId): Promise<void> {
  await asOwnerFor(admin, tenant, (tx) => tx.query(SUSPEND, [tx.tenant]));
}

/**
 * @param admin as for {@link suspendTenant}
 * @throws PackhouseError `not_found` for a tenant that is not suspended
 */
export async function resumeTenant(admin: Db, tenant: TenantId): Promise<void> {
  const resumed = await asOwnerFor(admin, tenant, (tx) => tx.query(RESUME, [tx.tenant]));
  if (resumed.length === 0) throw new PackhouseError('not_found', `The tenant "${tenant}" is not suspended.`);
}

const SUSPENDED = 'select from packhouse.tenants where tenant_id = $1 and suspended_at is not null';

/** The first suspension is the one that is remembered. */
const SUSPEND = `
  insert into packhouse.tenants as t (tenant_id, suspended_at) values ($1, now())
  on conflict (tenant_id) do update set suspended_at = coalesce(t.suspended_at, now())`;

const RESUME = `
  update packhouse.tenants set suspended_at = null where tenant_id in ($1) and suspended_at is not null returning 1`;
