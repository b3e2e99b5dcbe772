import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { tenantId, type Job, type RunningJob } from '@packhouse/core';
import type { Db } from '../db/db.js';
import { openPglite } from '../pglite.js';
import { prepareFolder } from '../testing/prepared-folder.js';
import { testDatabases } from '../testing/test-databases.js';
import { pgBossQueue, type PgBossQueueOptions } from './pg-boss-queue.js';

const JOB: Job = { tenant: tenantId('acme'), id: 'one' };

interface Stage {
  readonly name: string;
  /** Opens the database, enqueues the job, and has another process take it and be killed. */
  readonly crash: (attempts: number) => Promise<Aftermath>;
}

interface Aftermath {
  readonly db: Db;
  readonly exclusive: boolean;
  close(): Promise<void>;
}

const server = testDatabases().find(({ name }) => name === 'PostgreSQL');
const stages: Stage[] = [
  { name: 'PGlite', crash: crashOnFolder },
  ...(server ? [{ name: 'PostgreSQL', crash: (attempts: number) => crashOnServer(server, attempts) }] : []),
];

describe.each(stages)('a worker killed on $name', ({ crash }) => {
  let aftermath: Aftermath | undefined;
  let stop: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await stop?.();
    await aftermath?.close();
    [stop, aftermath] = [undefined, undefined];
  });

  const survive = async (attempts: number, onLost?: PgBossQueueOptions['onLost']) => {
    const { db, exclusive } = (aftermath = await crash(attempts));
    const queue = await pgBossQueue({ ...settings(attempts), db, exclusive, ...(onLost && { onLost }) });
    stop = () => queue.stop();
    return queue;
  };

  it('has its job done by the next one', async () => {
    const queue = await survive(2);
    const job = await new Promise<RunningJob>((resolve) => queue.work(async (given) => resolve(given)));
    expect(job).toMatchObject({ ...JOB, attempt: 2, last: true });
  });

  it('loses its job where that was the last attempt, and the loss is told', async () => {
    const handler = jest.fn(async () => undefined);
    const lost = await new Promise<Job>((resolve, reject) => {
      survive(1, async (job) => resolve(job)).then((queue) => queue.work(handler), reject);
    });
    expect(lost).toMatchObject(JOB);
    expect(handler).not.toHaveBeenCalled();
  });
});

describe('a worker that is stopped', () => {
  it('leaves no timer behind: its process ends by itself', async () => {
    const folder = await newFolder();
    expect(await endAfter('ready', 'SIGTERM', startWorker(folder, 1))).toBe(0);
    await rm(folder, { recursive: true });
  }, 30_000);

  (server ? it : it.skip)(
    'leaves no timer behind on PostgreSQL either (needs TEST_DATABASE_URL)',
    async () => {
      const { url, close } = await server!.open();
      expect(await endAfter('ready', 'SIGTERM', startWorker(url ?? '', 1))).toBe(0);
      await close();
    },
    30_000,
  );
});

function settings(attempts: number) {
  return { attempts, heartbeatSeconds: 10, graceMs: 500, onError: () => undefined };
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'packhouse-jobs-'));
  await prepareFolder(folder);
  return folder;
}

async function crashOnFolder(attempts: number): Promise<Aftermath> {
  const folder = await newFolder();
  const before = await openPglite(folder);
  await enqueue(before.db, true, attempts);
  await before.close();
  await killOnceTaken(folder, attempts);
  const after = await openPglite(folder);
  const close = async () => {
    await after.close();
    await rm(folder, { recursive: true });
  };
  return { db: after.db, exclusive: true, close };
}

async function crashOnServer({ open }: NonNullable<typeof server>, attempts: number): Promise<Aftermath> {
  const { db, url, close } = await open();
  await enqueue(db, false, attempts);
  await killOnceTaken(url ?? '', attempts);
  return { db, exclusive: false, close };
}

async function enqueue(db: Db, exclusive: boolean, attempts: number): Promise<void> {
  const queue = await pgBossQueue({ ...settings(attempts), db, exclusive });
  await db.tx((tx) => queue.enqueue(tx, JOB));
  await queue.stop();
}

/** Has a worker in a process of its own killed (SIGKILL) as soon as it has taken the job. */
async function killOnceTaken(where: string, attempts: number): Promise<void> {
  await endAfter(`took ${JOB.id}`, 'SIGKILL', startWorker(where, attempts));
}

function startWorker(where: string, attempts: number) {
  const script = fileURLToPath(new URL('../testing/doomed-worker.ts', import.meta.url));
  const tsconfig = fileURLToPath(new URL('../../../../../tsconfig.base.json', import.meta.url));
  const flags = ['--import', 'tsx', '--conditions', '@packhouse/source'];
  return spawn(process.execPath, [...flags, script, where, String(attempts)], {
    env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Sends the signal once the process prints this line, and returns the exit code. */
async function endAfter(
  line: string,
  signal: NodeJS.Signals,
  worker: ReturnType<typeof startWorker>,
): Promise<number | null> {
  const gone = once(worker, 'exit') as Promise<[number | null]>;
  let printed = false;
  for await (const given of createInterface(worker.stdout)) {
    if (given !== line) continue;
    printed = true;
    worker.kill(signal);
  }
  const [code] = await gone;
  if (!printed) throw new Error(`The worker ended with ${code} before it had printed "${line}".`);
  return code;
}
