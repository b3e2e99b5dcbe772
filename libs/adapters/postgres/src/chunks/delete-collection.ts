import type { TenantTx } from '../db/db.js';
import { deleteChunks } from './delete-chunks.js';
import { lockExisting } from './lock-corpus.js';
import { termChanges } from './term-changes.js';
import { updateCorpus } from './update-corpus.js';

/** Chunks whose terms are counted out together. */
const BATCH = 1_000;

/** Deletes all chunks of a collection, within the caller's transaction; returns how many there were. */
export async function deleteCollection(tx: TenantTx, collection: string, signal?: AbortSignal): Promise<number> {
  if (!(await lockExisting(tx, signal))) return 0;
  let total = 0;
  for (let count = BATCH; count === BATCH; total += count) {
    const rows = await tx.query<{ id: string }>(SOME, [tx.tenant, collection], signal);
    count = rows.length;
    if (count === 0) break;
    const ids = rows.map(({ id }) => id);
    await updateCorpus(tx, termChanges([], await deleteChunks(tx, ids, signal)), signal);
  }
  return total;
}

const SOME = `
  select chunk_id as id from packhouse.chunks where tenant_id = $1 and collection = $2 limit ${BATCH}`;
