import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { tenantId, type Job, type RunningJob } from '@packhouse/core';
import type { Db } from '../db/db.js';
import { places, startScript, type PlaceKind } from '../testing/killed-process.js';
import { pgBossQueue, type PgBossQueueOptions } from './pg-boss-queue.js';

const JOB: Job = { tenant: tenantId('acme'), id: 'one' };

interface Aftermath {
  readonly db: Db;
  readonly exclusive: boolean;
  close(): Promise<void>;
}

describe.each(places())('a worker killed on $name', (kind) => {
  let aftermath: Aftermath | undefined;
  let stop: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await stop?.();
    await aftermath?.close();
    [stop, aftermath] = [undefined, undefined];
  });

  const survive = async (attempts: number, onLost?: PgBossQueueOptions['onLost']) => {
    const { db, exclusive } = (aftermath = await crash(kind, attempts));
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

describe.each(places())('a worker that is stopped on $name', ({ make }) => {
  it('leaves no timer behind: its process ends by itself', async () => {
    const place = await make();
    expect(await endAfter('ready', 'SIGTERM', startWorker(place.where, 1))).toBe(0);
    await place.remove();
  }, 30_000);
});

function settings(attempts: number) {
  return { attempts, heartbeatSeconds: 10, graceMs: 500, onError: () => undefined };
}

/** Opens the database, enqueues the job, and has another process take it and be killed. */
async function crash({ name, make }: PlaceKind, attempts: number): Promise<Aftermath> {
  const exclusive = name === 'PGlite';
  const place = await make();
  const before = await place.open();
  await enqueue(before.db, exclusive, attempts);
  await before.close();
  await endAfter(`took ${JOB.id}`, 'SIGKILL', startWorker(place.where, attempts));
  const { db, close } = await place.open();
  return { db, exclusive, close: () => close().then(place.remove) };
}

async function enqueue(db: Db, exclusive: boolean, attempts: number): Promise<void> {
  const queue = await pgBossQueue({ ...settings(attempts), db, exclusive });
  await db.tx((tx) => queue.enqueue(tx, JOB));
  await queue.stop();
}

const startWorker = (where: string, attempts: number) => startScript('doomed-worker.ts', where, String(attempts));

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
