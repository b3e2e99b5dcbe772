import type { TenantTx } from '../db/db.js';
import type { Corpus } from './corpus.js';

const COLUMNS = 'chunks, terms, weighted_length as "weightedLength"';

/** Takes the lock of the tenant's writers, first of all locks, so that no two writers wait for each other in a ring. */
export async function lockCorpus(tx: TenantTx, signal?: AbortSignal): Promise<Corpus> {
  const found = await lockExisting(tx, signal);
  if (found) return found;
  await tx.query(
    `with tenant as (insert into packhouse.tenants (tenant_id) values ($1) on conflict do nothing)
     insert into packhouse.corpus (tenant_id) values ($1) on conflict do nothing`,
    [tx.tenant],
    signal,
  );
  return (await lockExisting(tx, signal)) as Corpus;
}

/** As {@link lockCorpus}, for a tenant that may have no chunks: undefined then, and nothing is made. */
export async function lockExisting(tx: TenantTx, signal?: AbortSignal): Promise<Corpus | undefined> {
  const [corpus] = await tx.query<Corpus>(
    `select ${COLUMNS} from packhouse.corpus where tenant_id = $1 for update`,
    [tx.tenant],
    signal,
  );
  return corpus;
}
