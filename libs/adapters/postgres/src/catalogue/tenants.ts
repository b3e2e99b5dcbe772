import { lockExisting } from '../chunks/lock-corpus.js';
import type { TenantTx } from '../db/db.js';

/** Makes the tenant known. A tenant exists once a valid token has named it, so every first write begins with this. */
export async function ensureTenant(tx: TenantTx, signal?: AbortSignal): Promise<void> {
  await tx.query('insert into packhouse.tenants (tenant_id) values ($1) on conflict do nothing', [tx.tenant], signal);
}

/**
 * Deletes all there is of a tenant: rows, chunks, vectors, bytes and waiting jobs. Within the caller's transaction, after
 * the tenant's writers; what is uploaded by a token that is still valid makes the tenant known again. Backups keep what
 * they hold until they expire.
 */
export async function eraseTenant(tx: TenantTx, signal?: AbortSignal): Promise<void> {
  await lockExisting(tx, signal);
  while (await eraseChunks(tx, signal));
  for (const sql of ERASE) await tx.query(sql, [tx.tenant], signal);
  const [queue] = await tx.query(`select where to_regclass('packhouse_jobs.job') is not null`, [], signal);
  if (queue) await tx.query(`delete from packhouse_jobs.job where data ->> 'tenant' = $1`, [tx.tenant], signal);
}

/** By the portion, as a statement has half a minute; false once there are none. */
async function eraseChunks(tx: TenantTx, signal?: AbortSignal): Promise<boolean> {
  return (await tx.query(ERASE_CHUNKS, [tx.tenant], signal)).length > 0;
}

const ERASE_CHUNKS = `
  with erased as (
    delete from packhouse.chunks
    where tenant_id = $1 and chunk_id in (select chunk_id from packhouse.chunks where tenant_id = $1 limit 10000)
    returning 1
  )
  select from erased limit 1`;

/** Everything else goes with the last. */
const ERASE = [
  'delete from packhouse.term_frequencies where tenant_id = $1',
  'delete from packhouse.tenants where tenant_id = $1',
];
