import type { TenantTx } from '../db/db.js';
import { newId } from './ids.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { ensureTenant } from './tenants.js';

/** An uploaded file; its bytes are a blob of the same id. */
export interface FileRow extends FileAbout {
  /** `file-` and 24 letters and digits. */
  readonly fileId: string;
  readonly createdAt: Date;
  /** From when on it is not there any more, and what is left of it is to go; null for one that stays. */
  readonly expiresAt: Date | null;
}

export interface NewFile extends FileAbout {
  /** Seconds after its creation that it expires. @default null */
  readonly expiresAfterSeconds?: number | null | undefined;
}

interface FileAbout {
  readonly filename: string;
  readonly purpose: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

export function newFileId(): string {
  return newId('file-');
}

/** A tenant's files. */
export const files = {
  /** @param fileId as the blob was stored under, from {@link newFileId} */
  async insert(tx: TenantTx, fileId: string, file: NewFile, signal?: AbortSignal): Promise<FileRow> {
    await ensureTenant(tx, signal);
    const { filename, purpose, mediaType, bytes, sha256, expiresAfterSeconds } = file;
    const [row] = await tx.query<FileRow>(
      INSERT,
      [tx.tenant, fileId, filename, purpose, mediaType, bytes, sha256, expiresAfterSeconds ?? null],
      signal,
    );
    return row as FileRow;
  },

  async get(tx: TenantTx, fileId: string, signal?: AbortSignal): Promise<FileRow | null> {
    const [row] = await tx.query<FileRow>(GET, [tx.tenant, fileId], signal);
    return row ?? null;
  },

  /** Those of these ids that exist, by id. */
  async getMany(tx: TenantTx, fileIds: readonly string[], signal?: AbortSignal): Promise<Map<string, FileRow>> {
    const rows = await tx.query<FileRow>(GET_MANY, [tx.tenant, [...fileIds]], signal);
    return new Map(rows.map((row) => [row.fileId, row]));
  },

  list(
    tx: TenantTx,
    page: PageRequest & { purpose?: string | undefined },
    signal?: AbortSignal,
  ): Promise<Page<FileRow>> {
    return readPage(tx, { ...LIST, params: [tx.tenant, page.purpose ?? null] }, page, signal);
  },

  /** One that has expired and of which all is left. */
  async nextExpired(tx: TenantTx, signal?: AbortSignal): Promise<string | null> {
    const [row] = await tx.query<{ id: string }>(NEXT_EXPIRED, [tx.tenant], signal);
    return row?.id ?? null;
  },

  /**
   * Deletes a file, an expired one too, with its attachments and returns the vector stores it was in; null where there is
   * no such file. Its chunks in those and its blob are the caller's to delete, after this and in the same transaction: this
   * waits for an ingestion that is just writing them, and none can begin any more.
   */
  async delete(tx: TenantTx, fileId: string, signal?: AbortSignal): Promise<{ vectorStoreIds: string[] } | null> {
    const [locked] = await tx.query(LOCK, [tx.tenant, fileId], signal);
    if (!locked) return null;
    const attachments = await tx.query<{ vectorStoreId: string }>(DETACH, [tx.tenant, fileId], signal);
    await tx.query(DELETE, [tx.tenant, fileId], signal);
    return { vectorStoreIds: attachments.map(({ vectorStoreId }) => vectorStoreId) };
  },
};

const COLUMNS = `file_id as "fileId", filename, purpose, media_type as "mediaType", bytes, sha256,
  created_at as "createdAt", expires_at as "expiresAt"`;

/** Not of one that is to go. */
export const LIVE_FILE = `(expires_at is null or expires_at > now())`;

/** Whether an expired file is left, and with it what is found of it. */
export const FILES_DUE = `exists (select from packhouse.files where tenant_id = $1 and expires_at <= now())`;

const INSERT = `
  insert into packhouse.files (tenant_id, file_id, filename, purpose, media_type, bytes, sha256, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, now() + $8::int * interval '1 second')
  returning ${COLUMNS}`;

const GET = `select ${COLUMNS} from packhouse.files where tenant_id = $1 and file_id = $2 and ${LIVE_FILE}`;

const GET_MANY = `
  select ${COLUMNS} from packhouse.files where tenant_id = $1 and file_id = any ($2::text[]) and ${LIVE_FILE}`;

const LIST = {
  columns: COLUMNS,
  table: 'packhouse.files',
  id: 'file_id',
  where: `tenant_id = $1 and ($2::text is null or purpose = $2) and ${LIVE_FILE}`,
};

const NEXT_EXPIRED = `
  select file_id as id from packhouse.files where tenant_id = $1 and expires_at <= now() order by expires_at limit 1`;

/** Against attachments being added meanwhile: theirs is a share of this lock. */
const LOCK = `select from packhouse.files where tenant_id = $1 and file_id = $2 for update`;

const DETACH = `
  delete from packhouse.vector_store_files where tenant_id = $1 and file_id = $2
  returning vector_store_id as "vectorStoreId"`;

const DELETE = `delete from packhouse.files where tenant_id = $1 and file_id = $2`;
