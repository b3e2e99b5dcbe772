import { PackhouseError, type Attributes } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { LIVE_FILE } from './files.js';
import { newId } from './ids.js';
import { readPage, type Page, type PageRequest } from './page.js';

export type IngestionStatus = 'in_progress' | 'completed' | 'failed' | 'cancelled';

/** How a file is cut, in tokens. */
export interface ChunkingRow {
  readonly maxChunkSizeTokens: number;
  readonly chunkOverlapTokens: number;
}

/** A file in a vector store. */
export interface VectorStoreFileRow {
  readonly vectorStoreId: string;
  readonly fileId: string;
  /** New at each attachment; what a job carries. */
  readonly ingestionId: string;
  readonly batchId: string | null;
  readonly status: IngestionStatus;
  readonly lastErrorCode: string | null;
  readonly lastErrorMessage: string | null;
  readonly attributes: Attributes;
  readonly chunking: ChunkingRow;
  readonly usageBytes: number;
  readonly createdAt: Date;
}

export interface NewAttachment {
  readonly vectorStoreId: string;
  readonly fileId: string;
  readonly batchId?: string | undefined;
  readonly attributes?: Attributes | undefined;
  readonly chunking: ChunkingRow;
}

/** How an ingestion ended. */
export type IngestionOutcome =
  | { readonly status: 'completed'; readonly usageBytes: number }
  | { readonly status: 'failed'; readonly code: string; readonly message: string };

export interface ListAttachments extends PageRequest {
  readonly status?: IngestionStatus | undefined;
  readonly batchId?: string | undefined;
}

/** Files by status, and the bytes their chunks take. */
export interface FileCounts {
  readonly inProgress: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly total: number;
  readonly usageBytes: number;
}

/** A tenant's files in its vector stores. */
export const vectorStoreFiles = {
  /**
   * Attaches a file, to be ingested. Attached again, it is ingested again: with a new ingestion id, so that the earlier
   * ingestion, should it still run, ends nowhere.
   *
   * @throws PackhouseError `not_found` where the store, the file or the batch is not there
   */
  async attach(tx: TenantTx, attachment: NewAttachment, signal?: AbortSignal): Promise<VectorStoreFileRow> {
    const { vectorStoreId, fileId, batchId, attributes, chunking } = attachment;
    const [parents] = await tx.query<Parents>(PARENTS, [tx.tenant, vectorStoreId, fileId, batchId ?? null], signal);
    refuseMissing(parents, attachment);
    const params = [tx.tenant, vectorStoreId, fileId, newId('ing_'), batchId ?? null];
    const values = [JSON.stringify(attributes ?? {}), JSON.stringify(chunking)];
    const [row] = await tx.query<VectorStoreFileRow>(ATTACH, [...params, ...values], signal);
    return row as VectorStoreFileRow;
  },

  async get(
    tx: TenantTx,
    vectorStoreId: string,
    fileId: string,
    signal?: AbortSignal,
  ): Promise<VectorStoreFileRow | null> {
    const [row] = await tx.query<VectorStoreFileRow>(GET, [tx.tenant, vectorStoreId, fileId], signal);
    return row ?? null;
  },

  /** In the order in which the files were uploaded. */
  list(
    tx: TenantTx,
    vectorStoreId: string,
    page: ListAttachments,
    signal?: AbortSignal,
  ): Promise<Page<VectorStoreFileRow>> {
    const params = [tx.tenant, vectorStoreId, page.status ?? null, page.batchId ?? null];
    return readPage(tx, { ...LIST, params }, page, signal);
  },

  /** Of each store; those without files are there with zeros. */
  async countsOfStores(
    tx: TenantTx,
    vectorStoreIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<Map<string, FileCounts>> {
    const rows = await tx.query<FileCounts & { id: string }>(
      COUNTS_OF_STORES,
      [tx.tenant, [...vectorStoreIds]],
      signal,
    );
    return new Map(rows.map(({ id, ...counts }) => [id, counts]));
  },

  async countsOfBatch(tx: TenantTx, vectorStoreId: string, batchId: string, signal?: AbortSignal): Promise<FileCounts> {
    const [counts] = await tx.query<FileCounts>(COUNTS_OF_BATCH, [tx.tenant, vectorStoreId, batchId], signal);
    return counts as FileCounts;
  },

  /** What is to be ingested; null once it ended, was cancelled, detached, or attached anew. */
  async inProgress(tx: TenantTx, ingestionId: string, signal?: AbortSignal): Promise<VectorStoreFileRow | null> {
    const [row] = await tx.query<VectorStoreFileRow>(IN_PROGRESS, [tx.tenant, ingestionId], signal);
    return row ?? null;
  },

  /**
   * The same, and holds the row until the transaction ends, so that none of those happens in between: for the
   * transaction that writes the chunks.
   */
  async lockInProgress(tx: TenantTx, ingestionId: string, signal?: AbortSignal): Promise<VectorStoreFileRow | null> {
    const [row] = await tx.query<VectorStoreFileRow>(`${IN_PROGRESS} for update`, [tx.tenant, ingestionId], signal);
    return row ?? null;
  },

  /** Ends an ingestion in progress. False, and nothing is written, where it is not any more. */
  async finish(tx: TenantTx, ingestionId: string, outcome: IngestionOutcome, signal?: AbortSignal): Promise<boolean> {
    const end =
      outcome.status === 'completed'
        ? [outcome.status, null, null, outcome.usageBytes]
        : [outcome.status, outcome.code, outcome.message, 0];
    const finished = await tx.query(FINISH, [tx.tenant, ingestionId, ...end], signal);
    return finished.length > 0;
  },

  /**
   * Null where it is not attached. Its chunks are the caller's to change too, after this and in the same transaction:
   * this waits for an ingestion that is just writing them.
   */
  async setAttributes(
    tx: TenantTx,
    vectorStoreId: string,
    fileId: string,
    attributes: Attributes,
    signal?: AbortSignal,
  ): Promise<VectorStoreFileRow | null> {
    const params = [tx.tenant, vectorStoreId, fileId, JSON.stringify(attributes)];
    const [row] = await tx.query<VectorStoreFileRow>(SET_ATTRIBUTES, params, signal);
    return row ?? null;
  },

  /** True where it was attached. Its chunks are the caller's to delete, after this and in the same transaction. */
  async detach(tx: TenantTx, vectorStoreId: string, fileId: string, signal?: AbortSignal): Promise<boolean> {
    const detached = await tx.query(DETACH, [tx.tenant, vectorStoreId, fileId], signal);
    return detached.length > 0;
  },
};

interface Parents {
  readonly store: boolean;
  readonly file: boolean;
  readonly batch: boolean;
}

function refuseMissing(parents: Parents | undefined, { vectorStoreId, fileId, batchId }: NewAttachment): void {
  if (!parents?.store) throw new PackhouseError('not_found', `There is no vector store "${vectorStoreId}".`);
  if (!parents.file) throw new PackhouseError('not_found', `There is no file "${fileId}".`, { param: 'file_id' });
  if (!parents.batch) throw new PackhouseError('not_found', `There is no file batch "${batchId}".`);
}

const COLUMNS = `vector_store_id as "vectorStoreId", file_id as "fileId", ingestion_id as "ingestionId",
  batch_id as "batchId", status, last_error_code as "lastErrorCode", last_error_message as "lastErrorMessage",
  attributes, chunking, usage_bytes as "usageBytes", created_at as "createdAt"`;

/** Locked as the foreign keys will, but before: a parent that goes meanwhile is then missing, not a violation. */
const PARENTS = `
  select
    exists (select from packhouse.vector_stores where tenant_id = $1 and vector_store_id = $2 for key share) as store,
    exists (
      select from packhouse.files
      where tenant_id = $1 and file_id = $3 and ${LIVE_FILE} for key share
    ) as file,
    $4::text is null or exists (
      select from packhouse.file_batches where tenant_id = $1 and vector_store_id = $2 and batch_id = $4 for key share
    ) as batch`;

const ATTACH = `
  insert into packhouse.vector_store_files
    (tenant_id, vector_store_id, file_id, ingestion_id, batch_id, attributes, chunking)
  values ($1, $2, $3, $4, $5, $6::text::jsonb, $7::text::jsonb)
  on conflict (tenant_id, vector_store_id, file_id) do update set
    ingestion_id = excluded.ingestion_id, batch_id = excluded.batch_id, attributes = excluded.attributes,
    chunking = excluded.chunking, status = 'in_progress', last_error_code = null, last_error_message = null,
    usage_bytes = 0, created_at = excluded.created_at
  returning ${COLUMNS}`;

const GET = `
  select ${COLUMNS} from packhouse.vector_store_files
  where tenant_id = $1 and vector_store_id = $2 and file_id = $3`;

const SET_ATTRIBUTES = `
  update packhouse.vector_store_files set attributes = $4::text::jsonb
  where tenant_id = $1 and vector_store_id = $2 and file_id = $3
  returning ${COLUMNS}`;

const LIST = {
  columns: COLUMNS,
  table: 'packhouse.vector_store_files',
  id: 'file_id',
  where: `tenant_id = $1 and vector_store_id = $2
    and ($3::text is null or status = $3) and ($4::text is null or batch_id = $4)`,
};

const COUNTS = `
  count(*) filter (where files.status = 'in_progress') as "inProgress",
  count(*) filter (where files.status = 'completed') as completed,
  count(*) filter (where files.status = 'failed') as failed,
  count(*) filter (where files.status = 'cancelled') as cancelled,
  count(files.status) as total,
  coalesce(sum(files.usage_bytes), 0)::bigint as "usageBytes"`;

const COUNTS_OF_STORES = `
  select asked.id, ${COUNTS}
  from unnest($2::text[]) as asked (id)
    left join packhouse.vector_store_files files on files.tenant_id = $1 and files.vector_store_id = asked.id
  group by asked.id`;

const COUNTS_OF_BATCH = `
  select ${COUNTS} from packhouse.vector_store_files files
  where tenant_id = $1 and vector_store_id = $2 and batch_id = $3`;

const IN_PROGRESS = `
  select ${COLUMNS} from packhouse.vector_store_files
  where tenant_id = $1 and ingestion_id = $2 and status = 'in_progress'`;

const FINISH = `
  update packhouse.vector_store_files
  set status = $3, last_error_code = $4, last_error_message = $5, usage_bytes = $6
  where tenant_id = $1 and ingestion_id = $2 and status = 'in_progress'
  returning file_id`;

const DETACH = `
  delete from packhouse.vector_store_files where tenant_id = $1 and vector_store_id = $2 and file_id = $3
  returning file_id`;
