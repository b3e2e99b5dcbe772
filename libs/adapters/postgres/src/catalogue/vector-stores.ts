import { canonicalTag } from '../chunks/analysis/language-tag.js';
import type { TenantTx } from '../db/db.js';
import { newId } from './ids.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { ensureTenant } from './tenants.js';

/** A set of files to search in; chunks carry its id as their collection. */
export interface VectorStoreRow {
  /** `vs_` and 24 letters and digits. */
  readonly vectorStoreId: string;
  readonly name: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** What its files are written in, as a canonical BCP 47 tag; `zxx` for code. */
  readonly language: string;
  readonly createdAt: Date;
  readonly lastActiveAt: Date;
}

export interface NewVectorStore {
  readonly name?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** A BCP 47 tag. @default 'en' */
  readonly language?: string | undefined;
}

/** A tenant's vector stores. */
export const vectorStores = {
  /** @throws PackhouseError `invalid_request` for a language that is no language tag */
  async insert(
    tx: TenantTx,
    { name, metadata, language = 'en' }: NewVectorStore,
    signal?: AbortSignal,
  ): Promise<VectorStoreRow> {
    const tag = canonicalTag(language);
    await ensureTenant(tx, signal);
    const params = [tx.tenant, newId('vs_'), name ?? null, JSON.stringify(metadata ?? {}), tag];
    const [row] = await tx.query<VectorStoreRow>(INSERT, params, signal);
    return row as VectorStoreRow;
  },

  async get(tx: TenantTx, vectorStoreId: string, signal?: AbortSignal): Promise<VectorStoreRow | null> {
    const [row] = await tx.query<VectorStoreRow>(GET, [tx.tenant, vectorStoreId], signal);
    return row ?? null;
  },

  list(tx: TenantTx, page: PageRequest, signal?: AbortSignal): Promise<Page<VectorStoreRow>> {
    return readPage(tx, { ...LIST, params: [tx.tenant] }, page, signal);
  },

  /** Notes that the store was used, to the minute: a search need not write each time. */
  async touch(tx: TenantTx, vectorStoreId: string, signal?: AbortSignal): Promise<void> {
    await tx.query(TOUCH, [tx.tenant, vectorStoreId], signal);
  },

  /**
   * Deletes a store with its attachments and batches, and returns the files that were in it; null where there is no such
   * store. Its chunks are the caller's to delete, after this and in the same transaction.
   */
  async delete(tx: TenantTx, vectorStoreId: string, signal?: AbortSignal): Promise<{ fileIds: string[] } | null> {
    const [locked] = await tx.query(LOCK, [tx.tenant, vectorStoreId], signal);
    if (!locked) return null;
    const attachments = await tx.query<{ fileId: string }>(DETACH, [tx.tenant, vectorStoreId], signal);
    await tx.query(DELETE, [tx.tenant, vectorStoreId], signal);
    return { fileIds: attachments.map(({ fileId }) => fileId) };
  },
};

const COLUMNS = `vector_store_id as "vectorStoreId", name, metadata, language, created_at as "createdAt",
  last_active_at as "lastActiveAt"`;

const INSERT = `
  insert into packhouse.vector_stores (tenant_id, vector_store_id, name, metadata, language)
  values ($1, $2, $3, $4::text::jsonb, $5)
  returning ${COLUMNS}`;

const GET = `select ${COLUMNS} from packhouse.vector_stores where tenant_id = $1 and vector_store_id = $2`;

const LIST = {
  columns: COLUMNS,
  table: 'packhouse.vector_stores',
  id: 'vector_store_id',
  where: 'tenant_id = $1',
};

const TOUCH = `
  update packhouse.vector_stores set last_active_at = now()
  where tenant_id = $1 and vector_store_id = $2 and last_active_at < now() - interval '1 minute'`;

/** Against attachments being added meanwhile: theirs is a share of this lock. */
const LOCK = `select from packhouse.vector_stores where tenant_id = $1 and vector_store_id = $2 for update`;

const DETACH = `
  delete from packhouse.vector_store_files where tenant_id = $1 and vector_store_id = $2
  returning file_id as "fileId"`;

const DELETE = `delete from packhouse.vector_stores where tenant_id = $1 and vector_store_id = $2`;
