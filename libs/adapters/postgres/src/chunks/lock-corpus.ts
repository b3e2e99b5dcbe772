import type { TenantTx } from '../db/db.js';

/** Takes the lock of the tenant's writers, first of all locks, so that no two writers wait for each other in a ring. */
export async function lockCorpus(tx: TenantTx, signal?: AbortSignal): Promise<void> {
  if (await lockExisting(tx, signal)) return;
  await tx.query(
    `with tenant as (insert into packhouse.tenants (tenant_id) values ($1) on conflict do nothing)
     insert into packhouse.corpus (tenant_id) values ($1) on conflict do nothing`,
    [tx.tenant],
    signal,
  );
  await lockExisting(tx, signal);
}

/** As {@link lockCorpus}, for a tenant that may have no chunks: false then, and nothing is made. */
export async function lockExisting(tx: TenantTx, signal?: AbortSignal): Promise<boolean> {
  const rows = await tx.query(`select from packhouse.corpus where tenant_id = $1 for update`, [tx.tenant], signal);
  return rows.length > 0;
}
