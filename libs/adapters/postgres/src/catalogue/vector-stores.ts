import { canonicalTag } from '../chunks/analysis/language-tag.js';
import type { SingleReads, TenantTx } from '../db/db.js';
import { ACTIVE_MODEL } from '../generations/generation.js';
import { FILES_DUE } from './files.js';
import { newId } from './ids.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { ensureTenant } from './tenants.js';

/** A set of files to search in; chunks carry its id as their collection. */
export interface VectorStoreRow {
  /** `vs_` and 24 letters and digits. */
  readonly vectorStoreId: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** What its files are written in, as a canonical BCP 47 tag; `zxx` for code. */
  readonly language: string;
  readonly createdAt: Date;
  /** True to the minute. */
  readonly lastActiveAt: Date;
  /** Days after its last use that it expires; null for one that stays. */
  readonly expiresAfterDays: number | null;
  readonly expiresAt: Date | null;
  /** Whether that time has come. It can be looked at and deleted then, and nothing else; what is in it is to go. */
  readonly expired: boolean;
}

export interface NewVectorStore {
  readonly name?: string | null | undefined;
  /** At most 512 characters. */
  readonly description?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** A BCP 47 tag. @default 'en' */
  readonly language?: string | undefined;
  /** 1 to 365. @default null */
  readonly expiresAfterDays?: number | null | undefined;
}

/** What is to be different; what is left out stays. */
export type VectorStoreChanges = Pick<NewVectorStore, 'name' | 'description' | 'metadata' | 'expiresAfterDays'>;

/** A tenant's vector stores. */
export const vectorStores = {
  /** @throws PackhouseError `invalid_request` for a language that is no language tag */
  async insert(
    tx: TenantTx,
    { name, description, metadata, language = 'en', expiresAfterDays }: NewVectorStore,
    signal?: AbortSignal,
  ): Promise<VectorStoreRow> {
    const tag = canonicalTag(language);
    await ensureTenant(tx, signal);
    const about = [name ?? null, description ?? null, JSON.stringify(metadata ?? {}), tag, expiresAfterDays ?? null];
    const [row] = await tx.query<VectorStoreRow>(INSERT, [tx.tenant, newId('vs_'), ...about], signal);
    return row as VectorStoreRow;
  },

  async get(tx: TenantTx, vectorStoreId: string, signal?: AbortSignal): Promise<VectorStoreRow | null> {
    const [row] = await tx.query<VectorStoreRow>(GET, [tx.tenant, vectorStoreId], signal);
    return row ?? null;
  },

  list(tx: TenantTx, page: PageRequest, signal?: AbortSignal): Promise<Page<VectorStoreRow>> {
    return readPage(tx, { ...LIST, params: [tx.tenant] }, page, signal);
  },

  /** Changes a store, which is a use of it; null where there is none, or it has expired. */
  async update(
    tx: TenantTx,
    vectorStoreId: string,
    { name, description, metadata, expiresAfterDays }: VectorStoreChanges,
    signal?: AbortSignal,
  ): Promise<VectorStoreRow | null> {
    const changes = [name, description, metadata && JSON.stringify(metadata), expiresAfterDays];
    const params = changes.flatMap((value) => [value !== undefined, value ?? null]);
    const [row] = await tx.query<VectorStoreRow>(UPDATE, [tx.tenant, vectorStoreId, ...params], signal);
    return row ?? null;
  },

  /**
   * Notes that stores are used, to the minute: a search need not write each time. Returns those that there are, and
   * whether they have expired: an expired one is not used.
   */
  use(tx: TenantTx, vectorStoreIds: readonly string[], signal?: AbortSignal): Promise<UsedStore[]> {
    return tx.query<UsedStore>(USE, [tx.tenant, [...vectorStoreIds]], signal);
  },

  /**
   * What a search of stores has to know beforehand, in one statement: those of them that there are, what the tenant's
   * questions are embedded with, and whether files have expired that are found still. It writes nothing, as within a minute of a use that is noted `use` would not.
   */
  async look(
    { tenant, query, prepared = query }: SingleReads,
    vectorStoreIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ stores: SeenStore[]; activeModel: string | undefined; filesDue: boolean }> {
    const rows = await prepared<Look>(LOOK, [tenant, [...vectorStoreIds]], signal);
    return {
      stores: rows.flatMap((row) => (row.vectorStoreId === null ? [] : [row])),
      activeModel: rows[0]?.activeModel ?? undefined,
      filesDue: rows[0]?.filesDue ?? false,
    };
  },

  /**
   * For a question to all there is: notes the use of those stores that would expire without. `live` is null where all of
   * them may be asked, else the ids of those that may, because what was in an expired one is still there.
   */
  async useAll(tx: TenantTx, signal?: AbortSignal): Promise<{ live: string[] | null; filesDue: boolean }> {
    const [row] = await tx.query<{ live: string[] | null; filesDue: boolean }>(USE_ALL, [tx.tenant], signal);
    return row as NonNullable<typeof row>;
  },

  /** Expired stores with files in them yet. */
  async unswept(tx: TenantTx, signal?: AbortSignal): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(UNSWEPT, [tx.tenant], signal);
    return rows.map(({ id }) => id);
  },

  /**
   * Takes out of an expired store its files and batches; false where it is none. Its chunks are the caller's to delete,
   * after this and in the same transaction.
   */
  async empty(tx: TenantTx, vectorStoreId: string, signal?: AbortSignal): Promise<boolean> {
    const [locked] = await tx.query(LOCK_EXPIRED, [tx.tenant, vectorStoreId], signal);
    if (!locked) return false;
    await tx.query(DETACH, [tx.tenant, vectorStoreId], signal);
    await tx.query(DELETE_BATCHES, [tx.tenant, vectorStoreId], signal);
    return true;
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

/** A store that is asked. */
export interface UsedStore {
  readonly vectorStoreId: string;
  readonly expired: boolean;
}

type Look = { readonly activeModel: string | null; readonly filesDue: boolean } & (
  SeenStore | { readonly vectorStoreId: null }
);

export interface SeenStore extends UsedStore {
  /** Whether a use within the last minute is noted. */
  readonly noted: boolean;
}

/** A day of 24 hours, whatever the session's time zone makes of days. */
const EXPIRES_AT = `last_active_at + expires_after_days * interval '24 hours'`;
const EXPIRED = `coalesce(${EXPIRES_AT} <= now(), false)`;

const NOTED = `last_active_at >= now() - interval '1 minute'`;

const COLUMNS = `vector_store_id as "vectorStoreId", name, description, metadata, language, created_at as "createdAt",
  last_active_at as "lastActiveAt", expires_after_days as "expiresAfterDays", ${EXPIRES_AT} as "expiresAt",
  ${EXPIRED} as expired`;

const INSERT = `
  insert into packhouse.vector_stores
    (tenant_id, vector_store_id, name, description, metadata, language, expires_after_days)
  values ($1, $2, $3, $4, $5::text::jsonb, $6, $7)
  returning ${COLUMNS}`;

const UPDATE = `
  update packhouse.vector_stores
  set name = case when $3 then $4 else name end,
    description = case when $5 then $6 else description end,
    metadata = case when $7 then $8::text::jsonb else metadata end,
    expires_after_days = case when $9 then $10::int else expires_after_days end,
    last_active_at = now()
  where tenant_id = $1 and vector_store_id = $2 and not ${EXPIRED}
  returning ${COLUMNS}`;

const GET = `select ${COLUMNS} from packhouse.vector_stores where tenant_id = $1 and vector_store_id = $2`;

const LIST = {
  columns: COLUMNS,
  table: 'packhouse.vector_stores',
  id: 'vector_store_id',
  where: 'tenant_id = $1',
};

/** Which of them is not waited for: whoever holds it uses, changes or deletes it. */
const touched = (which: string) => `
  touched as (
    update packhouse.vector_stores set last_active_at = now()
    where tenant_id = $1 and vector_store_id in (
      select vector_store_id from packhouse.vector_stores
      where tenant_id = $1 and ${which} and not ${NOTED} and not ${EXPIRED}
      for no key update skip locked
    )
  )`;

const USE = `
  with ${touched('vector_store_id = any($2::text[])')}
  select vector_store_id as "vectorStoreId", ${EXPIRED} as expired from packhouse.vector_stores
  where tenant_id = $1 and vector_store_id = any($2::text[])`;

const LOOK = `
  select model as "activeModel", due as "filesDue", vector_store_id as "vectorStoreId", ${EXPIRED} as expired, ${NOTED} as noted
  from (select (${ACTIVE_MODEL}) as model, ${FILES_DUE} as due) tenant
    left join packhouse.vector_stores on tenant_id = $1 and vector_store_id = any($2::text[])`;

const UNSWEPT = `
  select vector_store_id as id from packhouse.vector_stores stores
  where tenant_id = $1 and ${EXPIRED} and exists (
    select from packhouse.vector_store_files files
    where files.tenant_id = $1 and files.vector_store_id = stores.vector_store_id
  )
  order by vector_store_id`;

const USE_ALL = `
  with ${touched('expires_after_days is not null')}
  select case when exists (${UNSWEPT}) then array(
    select vector_store_id from packhouse.vector_stores where tenant_id = $1 and not ${EXPIRED}
  ) end as live, ${FILES_DUE} as "filesDue"`;

/** Against attachments being added meanwhile: theirs is a share of this lock. */
const LOCK = `select from packhouse.vector_stores where tenant_id = $1 and vector_store_id = $2 for update`;

const LOCK_EXPIRED = `
  select from packhouse.vector_stores where tenant_id = $1 and vector_store_id = $2 and ${EXPIRED} for update`;

const DETACH = `
  delete from packhouse.vector_store_files where tenant_id = $1 and vector_store_id = $2
  returning file_id as "fileId"`;

const DELETE = `delete from packhouse.vector_stores where tenant_id = $1 and vector_store_id = $2`;

const DELETE_BATCHES = `delete from packhouse.file_batches where tenant_id = $1 and vector_store_id = $2`;
