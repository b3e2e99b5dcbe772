import { PackhouseError, type TenantId } from '@packhouse/core';
import { setTimeout as delay } from 'node:timers/promises';
import { files } from '../catalogue/files.js';
import { ensureTenant } from '../catalogue/tenants.js';
import { vectorStores } from '../catalogue/vector-stores.js';
import { postgresBlobs } from '../blobs/postgres-blobs.js';
import { chunkStore } from '../chunks/chunk-store.js';
import { asTenant, type Db, type Queryable } from '../db/db.js';
import { openPostgres } from '../db/postgres.js';
import { pgBossQueue } from '../jobs/pg-boss-queue.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { digests, rowsOf } from './attempt.js';
import { ATTACKER, bytesOf, FILE, SECRET, seed, target, VECTOR, VICTIM } from './two-tenants.js';

const DENIED = { code: '42501' };

/** What has broken out of filters, ids and questions elsewhere (CVE-2025-1793, CVE-2025-8709, CVE-2026-42208). */
const INJECTIONS = [
  `'`,
  `"`,
  `\\`,
  `' or 1=1 --`,
  `') or true --`,
  `x' union select body from packhouse.chunks --`,
  `"; drop table packhouse.files; --`,
  `$1`,
  `$$; select set_config('app.tenant', '${VICTIM}', true); $$`,
  `'; select set_config('app.tenant', '${VICTIM}', false); --`,
  `{${VICTIM}}`,
  `of') = 'x' or (attributes ->> 'of`,
  `$.** ? (@ like_regex ".*")`,
  `%`,
  `_%`,
  `:* | !${SECRET}`,
  `{1:1}/3`,
  `null`,
  `\u0000`,
  `\ud800`,
  `__proto__`,
];

describe.each(testDatabases())('attacks on $name', ({ name: engine, open }) => {
  let database: TestDatabase;
  let db: Db;
  let before: ReadonlyMap<string, string>;
  beforeAll(async () => {
    database = await open();
    db = database.db;
    await seed(db);
    before = await digests(database.admin);
  }, 60_000);
  afterAll(() => database.close());
  afterEach(async () => {
    expect(rowsOf(VICTIM, await digests(database.admin))).toEqual(rowsOf(VICTIM, before));
    expect(await sessionTenants()).toEqual(['']);
  });

  const asAttacker = <T>(work: (tx: Queryable) => Promise<T>) => asTenant(db, ATTACKER, work);
  /** Whom the connections of the pool are of now: nobody, always. */
  const sessionTenants = async () => {
    const sql = `select coalesce(current_setting('app.tenant', true), '') as tenant`;
    const all = await Promise.all(Array.from({ length: 10 }, () => db.query<{ tenant: string }>(sql)));
    return [...new Set(all.flat().map(({ tenant }) => tenant))];
  };
  const tenantsSeen = async (tx: Queryable) =>
    (await tx.query<{ tenant_id: TenantId }>('select distinct tenant_id from packhouse.chunks')).map(
      ({ tenant_id }) => tenant_id,
    );

  describe('injected SQL', () => {
    const chunks = () => chunkStore(db).forTenant(ATTACKER);
    const places: [string, (text: string) => Promise<unknown>][] = [
      [
        'a filter’s key',
        (text) => chunks().nearest(embedding(), { limit: 9, filter: { type: 'ne', key: text, value: 'x' } }),
      ],
      [
        'a filter’s value',
        (text) => chunks().nearest(embedding(), { limit: 9, filter: { type: 'ne', key: 'of', value: text } }),
      ],
      [
        'a filter’s values',
        (text) => chunks().nearest(embedding(), { limit: 9, filter: { type: 'nin', key: 'of', value: [text] } }),
      ],
      [
        'a filter’s operator',
        (text) => chunks().nearest(embedding(), { limit: 9, filter: { type: text as 'eq', key: 'of', value: 'x' } }),
      ],
      ['a collection', (text) => chunks().nearest(embedding(), { limit: 9, collections: [text] })],
      ['a model', (text) => chunks().nearest({ model: text, vector: VECTOR }, { limit: 9 })],
      ['a question', (text) => chunks().matching(`wombat ${text}`, { limit: 9 })],
      ['a phrase', (text) => chunks().matching(`wombat "${text}"`, { limit: 9 })],
      ['a required word', (text) => chunks().matching(`wombat +${text}`, { limit: 9 })],
      [
        'a filter of words',
        (text) => chunks().matching('sharedword', { limit: 9, filter: { type: 'ne', key: text, value: text } }),
      ],
      ['a limit', (text) => chunks().nearest(embedding(), { limit: text as unknown as number })],
      ['a least score', (text) => chunks().nearest(embedding(), { limit: 9, minScore: text as unknown as number })],
      ['a chunk’s id', (text) => chunks().byIds([text])],
      ['a document', (text) => chunks().deleteDocument({ collection: text, documentId: text })],
      ['a file’s id', (text) => asTenant(db, ATTACKER, (tx) => files.get(tx, text))],
      [
        'a cursor',
        (text) => asTenant(db, ATTACKER, (tx) => vectorStores.list(tx, { limit: 9, order: 'asc', after: text })),
      ],
      ['an order', (text) => asTenant(db, ATTACKER, (tx) => vectorStores.list(tx, { limit: 9, order: text as 'asc' }))],
      ['a blob’s id', (text) => postgresBlobs(db).forTenant(ATTACKER).delete(text)],
      ['a tenant', (text) => asTenant(db, text as TenantId, tenantsSeen)],
    ];
    const embedding = () => ({ model: 'model-shared', vector: VECTOR });

    it.each(places)('into %s finds nothing of another tenant', async (_, run) => {
      for (const text of INJECTIONS) {
        const result = await run(text).catch((error: unknown) => {
          // Refused by us, or by PostgreSQL as data: never as a broken statement.
          const code = (error as { code?: string }).code ?? '';
          expect([text, PackhouseError.isInstance(error) || /^22/.test(code) || error instanceof TypeError]).toEqual([
            text,
            true,
          ]);
          return String(error).replaceAll(text, '');
        });
        expect(JSON.stringify(result) ?? '').not.toContain(SECRET);
        expect(JSON.stringify(result) ?? '').not.toContain('victim');
      }
    });
  });

  describe('raw SQL in the application’s session', () => {
    const plain: [string, string][] = [
      ['reads', 'select * from packhouse.chunks'],
      ['joins', 'select * from packhouse.files f join packhouse.chunks c on c.document_id = f.file_id'],
      ['sets of operations', 'select tenant_id from packhouse.files union all select tenant_id from packhouse.tenants'],
      [
        'functions in a condition',
        `select * from packhouse.chunks where pg_typeof(body) is not null or tenant_id = '${VICTIM}'`,
      ],
      ['prepared statements', 'prepare peek as select * from packhouse.chunks; execute peek'],
      ['cursors', 'declare peek cursor for select * from packhouse.chunks; fetch all from peek'],
      [
        'a DO block',
        `do $$ declare n int; begin select count(*) into n from packhouse.chunks where tenant_id = '${VICTIM}'; if n > 0 then raise exception '${SECRET}'; end if; end $$`,
      ],
      ['statistics', `select * from pg_stats where schemaname = 'packhouse'`],
      ['locks', `select * from packhouse.chunks where tenant_id = '${VICTIM}' for update`],
    ];
    it.each(plain)('%s see the session’s tenant only', async (_, sql) => {
      const seen = async (tx: Queryable) => {
        const rows = await tx.query(sql);
        await tx.query('deallocate all');
        return JSON.stringify(rows);
      };
      expect(await asAttacker(seen)).not.toContain(SECRET);
      expect(await db.tx(seen)).not.toContain(SECRET);
    });

    const refused: [string, string][] = [
      ['truncate', 'truncate packhouse.chunks'],
      ['truncate, cascading', 'truncate packhouse.tenants cascade'],
      ['read a partition', 'select * from packhouse.chunks_0'],
      ['write to a partition', `delete from packhouse.chunk_terms_3`],
      ['copy a partition out', 'copy packhouse.chunks_0 to stdout'],
      ['turn row-level security off for itself', 'set local row_security = off; select * from packhouse.chunks'],
      ['drop a policy', 'drop policy tenant on packhouse.chunks'],
      ['disable a trigger, and foreign keys with it', 'alter table packhouse.files disable trigger all'],
      ['skip foreign keys', `set local session_replication_role = 'replica'`],
      [
        'refer to a table, to learn of its keys',
        'create table packhouse_jobs.probe (t text, f text, foreign key (t, f) references packhouse.files)',
      ],
      [
        'listen by a trigger',
        'create trigger spy before insert on packhouse.files for each row execute function pg_catalog.suppress_redundant_updates_trigger()',
      ],
      ['add a rule', 'create rule spy as on select to packhouse.files do instead select 1'],
      ['call the owner’s procedure', `call packhouse.protect('packhouse.files')`],
      ['create beside the tables', 'create table packhouse.mine (id int)'],
      ['create in public', 'create table public.mine (id int)'],
      ['read the server’s files', `select pg_read_file('/etc/passwd')`],
      ['copy from a program', `copy packhouse.files from program 'id'`],
      ['read what statistics are made of', 'select * from pg_statistic'],
    ];
    it.each(refused)('may not %s', async (_, sql) => {
      await expect(asAttacker((tx) => tx.query(sql))).rejects.toMatchObject(DENIED);
    });

    it('may not become another role', async () => {
      if (engine === 'PGlite') return; // Its one session begins as a superuser; production refuses it.
      for (const role of ['packhouse_owner', 'packhouse_backup', 'postgres']) {
        await expect(asAttacker((tx) => tx.query(`set local role ${role}`))).rejects.toMatchObject(DENIED);
        await expect(asAttacker((tx) => tx.query(`set session authorization ${role}`))).rejects.toMatchObject(DENIED);
      }
    });

    it('copies out its own rows only', async () => {
      const mine = await asAttacker((tx) => tx.query('select count(*) as count from packhouse.files'));
      expect(mine).toEqual([{ count: 1 }]);
      if (engine === 'PGlite') return;
      const { pool, close } = await openPostgres({ url: database.url ?? '', max: 1 });
      const client = await pool.connect();
      await client.query(`begin; select set_config('app.tenant', '${ATTACKER}', true)`);
      // The driver throws away what COPY sends; its count stays.
      const { rowCount } = await client.query('create temp table copied on commit drop as table packhouse.files');
      await client.query('rollback');
      client.release();
      await close();
      expect(rowCount).toBe(1);
    });
  });

  describe('another tenant’s rows', () => {
    const attachTo = (file: string, store: string) =>
      asAttacker((tx) =>
        tx.query(
          `insert into packhouse.vector_store_files (tenant_id, vector_store_id, file_id, ingestion_id, chunking)
           values ($1, $2, $3, 'ing_new', '{}')`,
          [ATTACKER, store, file],
        ),
      );

    it('cannot be referred to: a foreign key finds what one’s own tenant has', async () => {
      const FOREIGN_KEY = { code: '23503' };
      await expect(attachTo(target('victim').file, target('shared').store)).rejects.toMatchObject(FOREIGN_KEY);
      await expect(attachTo(target('shared').file, target('victim').store)).rejects.toMatchObject(FOREIGN_KEY);
      await expect(attachTo(target('vacant').file, target('shared').store)).rejects.toMatchObject(FOREIGN_KEY);
      const vector = `insert into packhouse.chunk_vectors (tenant_id, generation, chunk_id, collection, embedding)
        values ($1, 1, $2, 'c', '[1,0,0]')`;
      const { chunk } = target('victim');
      await expect(asAttacker((tx) => tx.query(vector, [ATTACKER, chunk]))).rejects.toMatchObject(FOREIGN_KEY);
    });

    it('do not show by a key that is taken: the same ids may be used, and are used', async () => {
      const { file, blob } = target('victim');
      const name = { ...FILE, filename: 'mine.txt' };
      expect(await asTenant(db, ATTACKER, (tx) => files.insert(tx, file, name))).toMatchObject({ fileId: file });
      expect(await asTenant(db, ATTACKER, (tx) => files.delete(tx, file))).toEqual({ vectorStoreIds: [] });
      await postgresBlobs(db).forTenant(ATTACKER).put(blob, bytesOf('mine'));
      expect(await postgresBlobs(db).forTenant(ATTACKER).delete(blob)).toBe(true);
    });

    it('cannot be written, nor one’s own be given away: 42501', async () => {
      const give = `update packhouse.files set tenant_id = '${VICTIM}'`;
      const add = `insert into packhouse.tenants (tenant_id) values ('${VICTIM}') on conflict do nothing`;
      const upsert = `insert into packhouse.blobs (tenant_id, blob_id) values ('${VICTIM}', 'blob-victim')
        on conflict (tenant_id, blob_id) do update set version = default`;
      for (const sql of [give, add, upsert]) {
        await expect(asAttacker((tx) => tx.query(sql))).rejects.toMatchObject(DENIED);
      }
    });

    it('are untouched by changes to all rows', async () => {
      const rolledBack = asAttacker(async (tx) => {
        const changed = await tx.query<{ tenant_id: string }>('delete from packhouse.chunks returning tenant_id');
        expect(changed).toEqual([{ tenant_id: ATTACKER }]);
        throw new Error('enough');
      });
      await expect(rolledBack).rejects.toThrow('enough');
    });
  });

  describe('a connection that comes back to the pool', () => {
    const ends: [string, () => Promise<unknown>][] = [
      ['a commit', () => asTenant(db, VICTIM, tenantsSeen)],
      ['an error of PostgreSQL’s', () => asTenant(db, VICTIM, (tx) => tx.query('select 1/0'))],
      ['an error of syntax', () => asTenant(db, VICTIM, (tx) => tx.query('selec'))],
      ['an error of ours', () => asTenant(db, VICTIM, () => Promise.reject(new Error('ours')))],
      ['a caught error', () => asTenant(db, VICTIM, (tx) => tx.query('select 1/0').catch(() => undefined))],
      ['a rollback within', () => asTenant(db, VICTIM, (tx) => tx.query('rollback'))],
      ['a commit within', () => asTenant(db, VICTIM, (tx) => tx.query('commit'))],
      [
        'a statement timeout',
        () =>
          asTenant(db, VICTIM, (tx) =>
            tx.query(engine === 'PGlite' ? 'select 1/0' : `set local statement_timeout = '20ms'; select pg_sleep(5)`),
          ),
      ],
      [
        'a cancelled request',
        async () => {
          const caller = new AbortController();
          const work = asTenant(
            db,
            VICTIM,
            async (tx) => {
              setTimeout(() => caller.abort(), 20);
              await (engine === 'PGlite' ? delay(40) : tx.query('select pg_sleep(5)'));
              return tx.query('select 1');
            },
            caller.signal,
          );
          return work;
        },
      ],
      [
        'a violation of a policy',
        () => asTenant(db, VICTIM, (tx) => tx.query(`insert into packhouse.tenants values ('x')`)),
      ],
    ];
    it.each(ends)('after %s is nobody’s, and shows nothing', async (_, end) => {
      for (let turn = 0; turn < 3; turn++) {
        await end().catch(() => undefined);
        expect(await sessionTenants()).toEqual(['']);
        expect(await tenantsSeen(db)).toEqual([]);
      }
    });
  });

  it('keeps apart tenants who share a pool at the same time', async () => {
    const turns = Array.from({ length: 200 }, async (_, turn) => {
      const tenant = turn % 2 ? VICTIM : ATTACKER;
      const caller = new AbortController();
      if (turn % 7 === 0) setTimeout(() => caller.abort(), turn % 5);
      const work = asTenant(
        db,
        tenant,
        async (tx) => {
          const first = await tenantsSeen(tx);
          if (turn % 3 === 0) await tx.query('select 1/0');
          return [...first, ...(await tenantsSeen(tx))];
        },
        caller.signal,
      );
      return { tenant, seen: await work.catch(() => [tenant]) };
    });
    for (const { tenant, seen } of await Promise.all(turns)) expect(new Set(seen)).toEqual(new Set([tenant]));
  });

  it.each(['force_custom_plan', 'force_generic_plan', 'auto'])(
    'reads the right rows by one prepared statement, whoever it was planned for (%s)',
    async (mode) => {
      const seen = await db.tx(async (tx) => {
        await tx.query(`set local plan_cache_mode = ${mode}`);
        await tx.query('prepare own as select distinct tenant_id from packhouse.chunks');
        const each: unknown[] = [];
        for (let turn = 0; turn < 12; turn++) {
          const tenant = [VICTIM, ATTACKER, ''][turn % 3];
          await tx.query(`select set_config('app.tenant', $1, true)`, [tenant]);
          each.push([tenant, ...(await tx.query<{ tenant_id: string }>('execute own')).map((row) => row.tenant_id)]);
        }
        await tx.query('deallocate own');
        return each;
      });
      for (const [tenant, ...rows] of seen as string[][]) expect(rows).toEqual(tenant ? [tenant] : []);
    },
  );

  it('reads the right rows by one prepared statement, whatever role it was planned for (CVE-2024-10976)', async () => {
    const seen = await database.admin.tx(async (tx) => {
      await tx.query('prepare own as select distinct tenant_id from (select * from packhouse.chunks) c');
      const all = await tx.query('execute own');
      await tx.query(`set local role packhouse_app; select set_config('app.tenant', '${ATTACKER}', true)`);
      const own = await tx.query('execute own');
      await tx.query('deallocate own');
      return [all.length, own];
    });
    expect(seen).toEqual([2, [{ tenant_id: ATTACKER }]]);
  });

  it('holds ids alone in the queue, each job under its own tenant', async () => {
    const queue = await pgBossQueue({ db, exclusive: engine === 'PGlite', onError: () => undefined });
    for (const tenant of [VICTIM, ATTACKER]) {
      await asTenant(db, tenant, (tx) => queue.enqueue(tx, { tenant, id: target('shared').ingestion }));
    }
    const jobs = await db.query<{ data: unknown; group: string }>(
      `select data, group_id as group from packhouse_jobs.job where name = 'ingestion' order by group_id`,
    );
    const id = target('shared').ingestion;
    expect(jobs).toEqual([ATTACKER, VICTIM].map((tenant) => ({ data: { tenant, id }, group: tenant })));
    await queue.stop();
  });

  it('knows every tenant who has a row in its directory', async () => {
    const tenants = new Set([...(await digests(database.admin)).keys()].map((of) => of.split(' ')[0]));
    const known = await database.admin.query<{ tenant_id: string }>('select tenant_id from packhouse.tenants');
    expect(new Set(known.map(({ tenant_id }) => tenant_id))).toEqual(tenants);
    await asTenant(db, ATTACKER, (tx) => ensureTenant(tx));
  });
});
