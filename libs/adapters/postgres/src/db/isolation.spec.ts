import { tenantId } from '@packhouse/core';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { asTenant, type Queryable } from './db.js';

const [mine, theirs] = [tenantId('mine'), tenantId('theirs')];

/** A row of every tenant table, each after those it refers to. */
const ROWS: Record<string, string> = {
  tenants: `(tenant_id) values ($1)`,
  api_keys: `(tenant_id, key_id, name, role, digest) values ($1, 'k', 'n', 'reader', decode(repeat('00', 32), 'hex'))`,
  corpus: `(tenant_id, chunks) values ($1, 1)`,
  analyses: `(tenant_id, analyzer, chunks, terms, weighted_length) values ($1, 'en/1', 1, 1, 1)`,
  term_frequencies: `(tenant_id, term, chunks) values ($1, 7, 1)`,
  embedding_models: `(tenant_id, generation, model, dimensions) values ($1, 1, 'm', 2)`,
  chunks: `(tenant_id, chunk_id, collection, document_id, ordinal, body, digest, span_start, span_end, pages, source, attributes)
    values ($1, 'c', 'docs', 'doc', 0, 'text', 'd', 0, 4, '[]', 's', '{}')`,
  chunk_terms: `(tenant_id, chunk_id, collection, analyzer, length, terms)
    values ($1, 'c', 'docs', 'en/1', 1, '{7:1}/1000000000')`,
  chunk_vectors: `(tenant_id, generation, chunk_id, collection, embedding) values ($1, 1, 'c', 'docs', '[1,0]')`,
  asked_questions: `(tenant_id, slot, question) values ($1, 0, 'q')`,
  blobs: `(tenant_id, blob_id) values ($1, 'b')`,
  blob_parts: `(tenant_id, blob_id, part, bytes) values ($1, 'b', 0, 'bytes')`,
  files: `(tenant_id, file_id, filename, purpose, media_type, bytes, sha256)
    values ($1, 'f', 'a.txt', 'assistants', 'text/plain', 1, repeat('0', 64))`,
  vector_stores: `(tenant_id, vector_store_id) values ($1, 'v')`,
  file_batches: `(tenant_id, vector_store_id, batch_id) values ($1, 'v', 'b')`,
  vector_store_files: `(tenant_id, vector_store_id, file_id, ingestion_id, chunking) values ($1, 'v', 'f', 'i', '{}')`,
  kept_answers: `(tenant_id, operation, key, fingerprint, answer)
    values ($1, 'POST /', 'k', repeat('0', 64), '{}')`,
  token_usage: `(tenant_id, day, model, calls, input_tokens, output_tokens, estimated_tokens)
    values ($1, '2026-11-26', 'm', 1, 1, 1, 0)`,
  token_days: `(tenant_id, day) values ($1, '2026-11-26')`,
  token_reservations: `(tenant_id, reservation_id, day, model, input_tokens, output_tokens, lapses_at)
    values ($1, '00000000-0000-0000-0000-000000000000', '2026-11-26', 'm', 1, 1, now())`,
};
const TABLES = Object.keys(ROWS);
const DENIED = { code: '42501' };

describe.each(testDatabases())('row-level security on $name', ({ open }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await open();
    for (const tenant of [mine, theirs]) {
      await asTenant(database.db, tenant, async (tx) => {
        for (const table of TABLES) await tx.query(`insert into packhouse.${table} ${ROWS[table]}`, [tenant]);
      });
    }
  });
  afterAll(() => database.close());

  const tenantsIn = async (db: Queryable, table: string) =>
    (await db.query<{ tenant_id: string }>(`select tenant_id from ${table}`)).map(({ tenant_id }) => tenant_id);
  const asMe = <T>(work: (tx: Queryable) => Promise<T>) => asTenant(database.db, mine, work);
  const changes = (table: string) => [
    `update packhouse.${table} set tenant_id = tenant_id where tenant_id = '${theirs}' returning 1`,
    `delete from packhouse.${table} where tenant_id = '${theirs}' returning 1`,
  ];

  it('has rows of both tenants to keep apart', async () => {
    for (const table of TABLES) {
      expect((await tenantsIn(database.admin, `packhouse.${table}`)).sort()).toEqual([mine, theirs]);
    }
  });

  describe.each(TABLES)('%s', (table) => {
    it('shows a tenant its own rows only', async () => {
      expect(await asMe((tx) => tenantsIn(tx, `packhouse.${table}`))).toEqual([mine]);
    });

    it('shows nothing without a tenant, and takes nothing', async () => {
      expect(await tenantsIn(database.db, `packhouse.${table}`)).toEqual([]);
      for (const change of changes(table)) expect(await database.db.query(change)).toEqual([]);
      const written = database.db.query(`insert into packhouse.${table} ${ROWS[table]}`, ['another']);
      await expect(written).rejects.toMatchObject(DENIED);
    });

    it('lets no tenant write, change or delete as another', async () => {
      for (const change of changes(table)) expect(await asMe((tx) => tx.query(change))).toEqual([]);
      const written = asMe((tx) => tx.query(`insert into packhouse.${table} ${ROWS[table]}`, ['another']));
      await expect(written).rejects.toMatchObject(DENIED);
      const moved = asMe((tx) => tx.query(`update packhouse.${table} set tenant_id = '${theirs}'`));
      await expect(moved).rejects.toMatchObject(DENIED);
    });

    it('does not say whether another tenant has a row', async () => {
      const guessed = asMe((tx) =>
        tx.query(`insert into packhouse.${table} ${ROWS[table]} on conflict do nothing`, [theirs]),
      );
      await expect(guessed).rejects.toMatchObject(DENIED);
    });

    it('can be neither truncated nor locked out of its policy', async () => {
      for (const sql of [
        `truncate packhouse.${table}`,
        `alter table packhouse.${table} disable row level security`,
        `drop policy tenant on packhouse.${table}`,
      ]) {
        await expect(asMe((tx) => tx.query(sql))).rejects.toMatchObject(DENIED);
      }
      const bypass = asMe((tx) => tx.query(`set local row_security = off; select from packhouse.${table}`));
      await expect(bypass).rejects.toMatchObject(DENIED);
    });

    it('has partitions that cannot be read by name', async () => {
      const partitions = await database.admin.query<{ name: string }>(
        `select relid::regclass::text as name from pg_partition_tree($1::regclass) where level > 0`,
        [`packhouse.${table}`],
      );
      for (const { name } of partitions.slice(0, 3)) {
        await expect(asMe((tx) => tenantsIn(tx, name))).rejects.toMatchObject(DENIED);
      }
    });
  });

  it('keeps tenants apart that share a pool, whatever happens to their transactions', async () => {
    const seen = await Promise.all(
      Array.from({ length: 40 }, async (_, turn) => {
        const tenant = turn % 2 ? mine : theirs;
        const rows = asTenant(database.db, tenant, async (tx) => {
          if (turn % 3 === 0) await tx.query('select 1/0');
          return tenantsIn(tx, 'packhouse.chunks');
        });
        return { tenant, rows: await rows.catch(() => [tenant]) };
      }),
    );
    for (const { tenant, rows } of seen) expect(rows).toEqual([tenant]);
    expect(await tenantsIn(database.db, 'packhouse.chunks')).toEqual([]);
  });

  it('is tried here on every table there is', async () => {
    const all = await database.admin.query<{ name: string }>(
      `select c.relname as name from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
       where c.relnamespace = 'packhouse'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
    );
    expect(all.map(({ name }) => name).sort()).toEqual(TABLES.toSorted());
  });
});
