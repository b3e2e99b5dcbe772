import type { TenantTx } from '../db/db.js';
import { newId } from './ids.js';

/** Files attached to a vector store together. */
export interface FileBatchRow {
  /** `vsfb_` and 24 letters and digits. */
  readonly batchId: string;
  readonly vectorStoreId: string;
  readonly createdAt: Date;
  readonly cancelledAt: Date | null;
}

/** A tenant's file batches. */
export const fileBatches = {
  /** Null where there is no such vector store. */
  async insert(tx: TenantTx, vectorStoreId: string, signal?: AbortSignal): Promise<FileBatchRow | null> {
    const [row] = await tx.query<FileBatchRow>(INSERT, [tx.tenant, vectorStoreId, newId('vsfb_')], signal);
    return row ?? null;
  },

  async get(tx: TenantTx, vectorStoreId: string, batchId: string, signal?: AbortSignal): Promise<FileBatchRow | null> {
    const [row] = await tx.query<FileBatchRow>(GET, [tx.tenant, vectorStoreId, batchId], signal);
    return row ?? null;
  },

  /** Cancels those files of it that are in progress; the rest stays as it is. Null where there is no such batch. */
  async cancel(
    tx: TenantTx,
    vectorStoreId: string,
    batchId: string,
    signal?: AbortSignal,
  ): Promise<FileBatchRow | null> {
    const key = [tx.tenant, vectorStoreId, batchId];
    const [row] = await tx.query<FileBatchRow>(CANCEL, key, signal);
    if (!row) return null;
    await tx.query(CANCEL_FILES, key, signal);
    return row;
  },
};

const COLUMNS = `batch_id as "batchId", vector_store_id as "vectorStoreId", created_at as "createdAt",
  cancelled_at as "cancelledAt"`;

const INSERT = `
  insert into packhouse.file_batches (tenant_id, vector_store_id, batch_id)
  select tenant_id, vector_store_id, $3 from packhouse.vector_stores
  where tenant_id = $1 and vector_store_id = $2 for key share
  returning ${COLUMNS}`;

const KEY = 'tenant_id = $1 and vector_store_id = $2 and batch_id = $3';

const GET = `select ${COLUMNS} from packhouse.file_batches where ${KEY}`;

const CANCEL = `
  update packhouse.file_batches set cancelled_at = coalesce(cancelled_at, now()) where ${KEY} returning ${COLUMNS}`;

const CANCEL_FILES = `
  update packhouse.vector_store_files set status = 'cancelled' where ${KEY} and status = 'in_progress'`;
