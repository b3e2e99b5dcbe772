import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chunkStore } from '../chunks/chunk-store.js';
import { asTenant, type Db } from '../db/db.js';
import { openPostgres, type OpenPostgres } from '../db/postgres.js';
import { listenOn } from '../jobs/listen.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { ATTACKER, seed, target, VECTOR, VICTIM } from './two-tenants.js';

const server = testDatabases().find(({ name }) => name === 'PostgreSQL');
const missing = server ? (isInstalled() ? undefined : 'pgbouncer is not installed') : 'TEST_DATABASE_URL is not set';

(missing ? describe.skip : describe)(`behind PgBouncer in transaction mode${missing ? `: ${missing}` : ''}`, () => {
  let database: TestDatabase;
  let bouncer: Bouncer;
  let opened: OpenPostgres;
  let db: Db;
  beforeAll(async () => {
    database = await server!.open();
    await seed(database.db);
    bouncer = await startBouncer(new URL(database.url ?? ''));
    opened = await openPostgres({ url: bouncer.url, max: 20 });
    db = opened.db;
  });
  afterAll(async () => {
    await opened?.close();
    await bouncer?.stop();
    await database?.close();
  });

  const sessionTenant = () => db.query(`select coalesce(current_setting('app.tenant', true), '') as tenant`);
  const shared = target('shared');

  it('has one connection to the server for all clients', async () => {
    const pids = await Promise.all(Array.from({ length: 20 }, () => db.query('select pg_backend_pid() as pid')));
    expect(new Set(pids.flat().map((row) => row['pid'])).size).toBe(1);
  });

  it('bleeds nothing in 1,000 interleaved requests of two tenants, many aborted, timed out or failed', async () => {
    const ended = new Map<string, number>();
    const request = async (turn: number) => {
      const tenant = turn % 2 ? VICTIM : ATTACKER;
      const caller = new AbortController();
      const kind = turn % 10;
      const work = asTenant(
        db,
        tenant,
        async (tx) => {
          const rows = await tx.query<{ tenant_id: string }>('select distinct tenant_id from packhouse.files');
          if (kind === 1) await tx.query('select 1/0');
          if (kind === 2) await tx.query(`set local statement_timeout = '5ms'; select pg_sleep(1)`);
          if (kind === 3) {
            setTimeout(() => caller.abort(), 5);
            await tx.query('select pg_sleep(0.2)');
          }
          if (kind === 4) throw new Error('ours');
          return rows.map(({ tenant_id }) => tenant_id);
        },
        caller.signal,
      );
      const seen = await work.catch((error: { code?: string }) => `failed: ${error.code ?? 'ours'}`);
      const end = typeof seen === 'string' ? seen : 'served';
      ended.set(end, (ended.get(end) ?? 0) + 1);
      if (typeof seen !== 'string') expect(seen).toEqual([tenant]);
    };
    for (let start = 0; start < 1_000; start += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => request(start + index)));
      expect(await sessionTenant()).toEqual([{ tenant: '' }]);
    }
    expect(Object.fromEntries(ended)).toEqual({
      served: 600,
      'failed: 22012': 100,
      'failed: timeout': 100,
      'failed: aborted': 100,
      'failed: ours': 100,
    });
  }, 120_000);

  it('serves the store’s searches and writes, binary vectors among them', async () => {
    const store = chunkStore(db).forTenant(ATTACKER);
    const [hit] = await store.nearest({ model: shared.model, vector: VECTOR }, { limit: 5 });
    expect(hit?.chunk.id).toBe(shared.chunk);
    expect(await store.matching(shared.word, { limit: 5 })).toHaveLength(1);
    const document = { collection: 'c', documentId: 'd' };
    const chunk = { ...hit!.chunk, ...document, id: 'through the pooler', embedding: { model: 'm', vector: VECTOR } };
    expect(await store.replaceDocument(document, [chunk])).toEqual({ added: 1, kept: 0, removed: 0 });
    expect(await store.deleteDocument(document)).toBe(1);
  });

  it('searches for many clients at once, who know of no statement that another has prepared', async () => {
    const ids = await Promise.all(
      Array.from({ length: 200 }, async (_, turn) => {
        const store = chunkStore(db).forTenant(turn % 2 ? VICTIM : ATTACKER);
        const hits =
          turn % 4 < 2
            ? store.nearest({ model: shared.model, vector: VECTOR }, { limit: 5 })
            : store.matching(shared.word, { limit: 5 });
        return (await hits).map(({ chunk }) => `${turn % 2} ${chunk.id} ${chunk.text}`);
      }),
    );
    const [attackers, victims] = [0, 1].map(
      (rest) => new Set(ids.flatMap((each, turn) => (turn % 2 === rest ? each : []))),
    );
    expect(attackers?.size).toBeGreaterThan(0);
    expect(victims?.size).toBeGreaterThan(0);
    const [attackersText, victimsText] = [attackers, victims].map(
      (each) => new Set([...each!].map((line) => line.slice(2))),
    );
    expect(attackersText!.isDisjointFrom(victimsText!)).toBe(true);
  });

  it('keeps the role’s own limits, which are no settings of connections', async () => {
    expect(await db.query(`select current_setting('statement_timeout') as limit`)).toEqual([{ limit: '30s' }]);
  });

  it('hears no NOTIFY, so workers there look every half second', async () => {
    let woken = 0;
    const close = await listenOn(opened.pool)(
      'isolation',
      () => void (woken += 1),
      () => undefined,
    );
    const atFirst = woken;
    await db.query(`select pg_notify('isolation', '')`);
    await delay(300);
    expect(woken).toBe(atFirst);
    await close();
  });

  it('would bleed from a tenant that is set for the session: why it is set for the transaction', async () => {
    await db.query(`select set_config('app.tenant', $1, false)`, [VICTIM]);
    expect(await db.query('select distinct tenant_id from packhouse.files')).toEqual([{ tenant_id: VICTIM }]);
    await db.query(`select set_config('app.tenant', '', false)`);
  });
});

function isInstalled(): boolean {
  try {
    execFileSync('pgbouncer', ['--version']);
    return true;
  } catch {
    return false;
  }
}

interface Bouncer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A PgBouncer of its own before this database, with one connection to it. */
async function startBouncer(url: URL): Promise<Bouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'packhouse-pgbouncer-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const database = url.pathname.slice(1);
  writeFileSync(join(folder, 'users.txt'), `"${url.username}" "${url.password}"\n`);
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]
${database} = host=${url.hostname} port=${url.port || 5432} dbname=${database} pool_size=1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
max_client_conn = 100
`,
  );
  // It refuses to run as root.
  const asRoot = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('pgbouncer', [...asRoot, join(folder, 'pgbouncer.ini')], { stdio: ['ignore', 'ignore', 'pipe'] });
  await listening(child);
  const stop = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    rmSync(folder, { recursive: true });
  };
  return { url: Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).href, stop };
}

async function listening(child: ChildProcess): Promise<void> {
  let said = '';
  for await (const piece of child.stderr as AsyncIterable<Buffer>) {
    said += piece.toString();
    if (said.includes('process up')) return;
  }
  throw new Error(`pgbouncer did not start: ${said}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
