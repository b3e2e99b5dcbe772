import type { TenantId } from '../tenant.js';

/** Work to be done later: whose, and on which row. Ids only: a queue holds no tenant's content. */
export interface Job {
  readonly tenant: TenantId;
  readonly id: string;
}

/** A job in a worker's hands. */
export interface RunningJob extends Job {
  /** From 1. */
  readonly attempt: number;
  /** True where a failure now is final: the handler must leave its row in a final state. */
  readonly last: boolean;
  /** Fires when the worker stops or the job's time is up. */
  readonly signal: AbortSignal;
}

export type JobHandler = (job: RunningJob) => Promise<void>;

/** A durable queue. `Tx` is its database's open transaction. */
export interface JobQueue<Tx> {
  /** Enqueues within `tx`: the job exists exactly if the transaction commits. */
  enqueue(tx: Tx, job: Job): Promise<void>;
  /** Takes jobs until `stop`. A handler that throws, or dies with its process, has its job given out again. */
  work(handler: JobHandler): Promise<void>;
  /** Takes no more, waits for running handlers up to a bound, then hands their jobs back. */
  stop(): Promise<void>;
}
