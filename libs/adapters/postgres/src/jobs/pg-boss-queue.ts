import { PgBoss } from 'pg-boss';
import { PackhouseError, type Job, type JobQueue } from '@packhouse/core';
import type { Db, Queryable } from '../db/db.js';
import { bossDatabase } from './boss-database.js';
import { bossSqlIn } from './boss-sql.js';
import { failOrphans, SCHEMA } from './claims.js';
import type { Listen } from './listen.js';
import { startWorker, type Worker } from './worker.js';

export interface PgBossQueueOptions {
  readonly db: Db;
  /** Told of every failed attempt and of whatever else goes wrong beside a call. */
  readonly onError: (error: unknown) => void;
  /**
   * Called for a job that has used up its attempts, so that its row gets a final state even where the last attempt took
   * its process with it. Must change nothing where the row has one already. Repeated every minute until it succeeds.
   */
  readonly onLost?: (job: Job) => Promise<void>;
  /** @default 'ingestion' */
  readonly name?: string;
  /** True where this process alone has the database open (PGlite): jobs that are running now are nobody's. @default false */
  readonly exclusive?: boolean;
  /** Wakes workers when a job is committed in another process; without it they look every half second. */
  readonly listen?: Listen;
  /** Jobs at once. @default 1 if exclusive, else 2 */
  readonly concurrency?: number;
  /** Jobs of one tenant at once, over all processes: what is left is for the others. @default concurrency - 1, at least 1 */
  readonly perTenant?: number;
  /** How often a job is tried. @default 4 */
  readonly attempts?: number;
  /** A job whose process gave no sign of life for so long is given out again; at least 10. @default 30 */
  readonly heartbeatSeconds?: number;
  /** How long one attempt may take. @default 3600 */
  readonly expireSeconds?: number;
  /** How long `stop` lets handlers finish before it fires their signal, in milliseconds. @default 10_000 */
  readonly graceMs?: number;
}

const POLL_MS = 500;
const SUPERVISE_SECONDS = 5;
/** Retries of `onLost`: a minute apart, for a week. */
const LOST = { retryLimit: 7 * 24 * 60, retryDelay: 60 };

/**
 * A `JobQueue` on pg-boss, in schema `packhouse_jobs` of the same database. Resolves once its tables are there; it needs
 * no more than the application's role. Jobs may be enqueued without ever calling `work`.
 *
 * @throws PackhouseError `unavailable`
 */
export async function pgBossQueue(options: PgBossQueueOptions): Promise<JobQueue<Queryable>> {
  const {
    db,
    onError,
    onLost,
    listen,
    name = 'ingestion',
    exclusive = false,
    concurrency = exclusive ? 1 : 2,
    perTenant = Math.max(1, concurrency - 1),
    attempts = 4,
    heartbeatSeconds = 30,
    expireSeconds = 3600,
    graceMs = 10_000,
  } = options;
  const lost = `${name}_lost`;
  const limits = { expireInSeconds: expireSeconds, heartbeatSeconds };
  const boss = await startBoss(db, onError);
  await declareQueue(boss, lost, { ...limits, ...LOST });
  await declareQueue(boss, name, {
    ...limits,
    retryLimit: attempts - 1,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 60,
    deadLetter: lost,
  });
  if (exclusive) await Promise.all([name, lost].map((queue) => failOrphans(db, boss, queue)));

  const workers: Worker[] = [];
  const wake = () => workers.forEach((worker) => worker.wake());
  const common = { db, boss, perTenant, onError, heartbeatMs: (heartbeatSeconds * 1000) / 3 };
  let unlisten = async (): Promise<void> => undefined;
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await unlisten();
    // What cannot be handed back is given out again for want of heartbeats.
    await Promise.all(workers.map((worker) => worker.stop(graceMs))).catch(onError);
    await boss.stop({ close: false, timeout: 1_000 });
  };

  return {
    async enqueue(tx, { tenant, id }) {
      await boss.send(name, { tenant, id }, { db: bossSqlIn(tx), group: { id: tenant } });
      if (!exclusive) await tx.query('select pg_notify($1, $2)', [SCHEMA, name]);
      // PGlite holds the look that this begins back until the transaction is over: just in time.
      wake();
    },
    async work(handler) {
      if (workers.length > 0) throw new PackhouseError('conflict', 'This queue is being worked already.');
      workers.push(startWorker({ ...common, queue: name, handler, concurrency, pollMs: POLL_MS }));
      if (onLost) {
        workers.push(startWorker({ ...common, queue: lost, handler: onLost, concurrency: 1, pollMs: 10 * POLL_MS }));
      }
      if (listen) unlisten = await listen(SCHEMA, wake, onError);
    },
    stop: () => (stopped ??= stop()),
  };
}

async function startBoss(db: Db, onError: (error: unknown) => void): Promise<PgBoss> {
  const boss = new PgBoss({
    db: bossDatabase(db),
    schema: SCHEMA,
    createSchema: false,
    schedule: false,
    registerInstance: false,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
  });
  boss.on('error', onError);
  await boss.start().catch((cause: unknown) => {
    throw new PackhouseError('unavailable', 'The job queue did not start.', { cause, retryable: true });
  });
  return boss;
}

/** Makes the queue or brings an older one up to these settings. Its entry is in pg-boss's cache then: `send` asks nothing. */
async function declareQueue(boss: PgBoss, name: string, settings: Parameters<PgBoss['createQueue']>[1]): Promise<void> {
  await boss.createQueue(name, settings);
  await boss.updateQueue(name, settings);
}
