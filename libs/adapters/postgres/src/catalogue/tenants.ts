import type { TenantTx } from '../db/db.js';

/** Makes the tenant known. A tenant exists once a valid token has named it, so every first write begins with this. */
export async function ensureTenant(tx: TenantTx, signal?: AbortSignal): Promise<void> {
  await tx.query('insert into packhouse.tenants (tenant_id) values ($1) on conflict do nothing', [tx.tenant], signal);
}
