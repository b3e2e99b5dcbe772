import { PackhouseError, tenantId, type TenantId } from '@packhouse/core';
import { asTenant, type Db, type Queryable, type TenantTx } from './db.js';

/** Tenants whose names are in memory at once. */
const PAGE = 1_000;

/**
 * Work across tenants (a backfill, maintenance, statistics): runs `work` for every tenant there is, in the order of their
 * names, each in a transaction of its own that sees this tenant's rows only. What was done for earlier tenants stays when
 * one fails, so let `work` be something that may be done twice.
 *
 * It runs as packhouse_owner, which row-level security binds even where `admin` is a superuser, whom it would not.
 *
 * @param admin connected as a role that is a member of packhouse_owner, as the one that migrated is
 * @returns what `work` returned, by tenant
 * @throws PackhouseError `unavailable` for a database whose migrations have not all run
 */
export async function forEachTenant<T>(
  admin: Db,
  work: (tx: TenantTx) => Promise<T>,
  signal?: AbortSignal,
): Promise<Map<TenantId, T>> {
  const done = new Map<TenantId, T>();
  for (let after = '', page: TenantId[]; (page = await tenantsAfter(admin, after, signal)).length > 0;) {
    for (const tenant of page) done.set(tenant, await asOwnerFor(admin, tenant, work, signal));
    after = page.at(-1) as TenantId;
  }
  return done;
}

/**
 * Fails the transaction of a statement that touches another number of rows than its author says: under row-level security
 * a change that reaches nothing is no error. The statement returns a row for each (`returning 1`).
 *
 * @throws PackhouseError `conflict`
 */
export async function expectRows<Row>(expected: number, statement: Promise<readonly Row[]>): Promise<readonly Row[]> {
  const rows = await statement;
  if (rows.length === expected) return rows;
  throw new PackhouseError(
    'conflict',
    `The statement touched ${rows.length} rows instead of ${expected}. Nothing was changed; does its transaction have ` +
      `its tenant?`,
  );
}

/** Runs `work` in a transaction of one tenant, as the owner of its tables. */
export function asOwnerFor<T>(admin: Db, tenant: TenantId, work: (tx: TenantTx) => Promise<T>, signal?: AbortSignal) {
  return asTenant(
    admin,
    tenant,
    async (tx) => {
      await becomeOwner(tx, signal);
      return work(tx);
    },
    signal,
  );
}

async function tenantsAfter(admin: Db, after: string, signal?: AbortSignal): Promise<TenantId[]> {
  const rows = await admin.tx(async (tx) => {
    await becomeOwner(tx, signal);
    await refuseHiddenDirectory(tx, signal);
    const params = [after, PAGE];
    return tx.query<{ tenant_id: string }>(DIRECTORY, params, signal);
  }, signal);
  return rows.map(({ tenant_id }) => tenantId(tenant_id));
}

const DIRECTORY = `select tenant_id from packhouse.tenants where tenant_id > $1 order by tenant_id limit $2`;

const becomeOwner = (tx: Queryable, signal?: AbortSignal) =>
  tx.query('set local role packhouse_owner', undefined, signal);

/** Without the policy that opens it, the directory would read as empty, and no work as done. */
async function refuseHiddenDirectory(tx: Queryable, signal?: AbortSignal): Promise<void> {
  const policy = `select from pg_policy where polrelid = 'packhouse.tenants'::regclass and polname = 'directory'`;
  if ((await tx.query(policy, undefined, signal)).length > 0) return;
  throw new PackhouseError('unavailable', 'The directory of tenants cannot be read before all migrations have run.');
}
