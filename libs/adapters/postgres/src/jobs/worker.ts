import type { PgBoss } from 'pg-boss';
import type { JobHandler } from '@packhouse/core';
import type { Db } from '../db/db.js';
import { attempt, LEAVE_MS } from './attempt.js';
import { claimNext, handBack, type Claim } from './claims.js';
import { settledWithin } from './settled-within.js';
import { wakeableSleep, type WakeableSleep } from './wakeable-sleep.js';

export interface WorkerOptions {
  readonly db: Db;
  readonly boss: PgBoss;
  readonly queue: string;
  readonly handler: JobHandler;
  /** Jobs at once. */
  readonly concurrency: number;
  /** Jobs of one tenant at once, over all workers. */
  readonly perTenant: number;
  /** Between two signs of life of a running job. */
  readonly heartbeatMs: number;
  /** Between two looks at an empty queue. */
  readonly pollMs: number;
  readonly onError: (error: unknown) => void;
}

export interface Worker {
  /** Looks for jobs now. */
  wake(): void;
  /** Takes no more; waits for handlers, fires their signal after `graceMs`, then gives back what still runs. */
  stop(graceMs: number): Promise<void>;
}

/** Takes jobs of one queue and runs them, `concurrency` at a time. */
export function startWorker({ concurrency, perTenant, pollMs, ...options }: WorkerOptions): Worker {
  const { db, boss, queue, onError } = options;
  const held = new Set<Claim>();
  const stopped = new AbortController();
  let stopping = false;

  // One lane after the other: two that claim at the same time do not see each other's tenant.
  let claiming: Promise<Claim | undefined> = Promise.resolve(undefined);
  const claim = () =>
    (claiming = claiming
      .then(() => claimNext(boss, queue, perTenant))
      .catch((error: unknown) => {
        onError(error);
        return undefined;
      }));

  const run = async (lane: WakeableSleep) => {
    while (!stopping) {
      const claimed = await claim();
      if (claimed) held.add(claimed);
      if (stopping) return;
      if (!claimed) await lane.sleep(pollMs);
      else await attempt(claimed, { ...options, stopped: stopped.signal, take: (own) => held.delete(own) });
    }
  };

  const lanes = Array.from({ length: concurrency }, wakeableSleep);
  const running = Promise.all(lanes.map(run));
  const wake = () => lanes.forEach((lane) => lane.wake());

  return {
    wake,
    async stop(graceMs) {
      stopping = true;
      wake();
      await settledWithin(running, graceMs);
      stopped.abort();
      await settledWithin(running, LEAVE_MS);
      const left = [...held];
      held.clear();
      await handBack(db, queue, left);
    },
  };
}
