import type { PgBoss } from 'pg-boss';
import { abortError, PackhouseError, type JobHandler } from '@packhouse/core';
import type { Claim } from './claims.js';

export interface AttemptOptions {
  readonly boss: PgBoss;
  readonly queue: string;
  readonly handler: JobHandler;
  /** Between two signs of life. */
  readonly heartbeatMs: number;
  /** Fires when the worker stops. */
  readonly stopped: AbortSignal;
  /** Takes the claim out of the worker's hands, to settle it; false where the worker has given it back already. */
  readonly take: (claim: Claim) => boolean;
  readonly onError: (error: unknown) => void;
}

/** Runs the handler on one claim and settles it, or leaves it to the worker that is stopping. Never throws. */
export async function attempt(claim: Claim, options: AttemptOptions): Promise<void> {
  const { boss, queue, stopped, take, onError } = options;
  try {
    const failure = await handle(claim, options);
    const brokenOff = failure !== undefined && stopped.aborted;
    if (brokenOff || !take(claim)) return;
    if (failure === undefined) await boss.complete(queue, claim);
    else await boss.fail(queue, claim, { code: failure });
  } catch (error) {
    onError(error);
  }
}

/** What went wrong, as a code only: a message may quote a tenant's content, and the queue holds none. */
async function handle(claim: Claim, options: AttemptOptions): Promise<string | undefined> {
  const { handler, stopped, onError } = options;
  const { retryCount, retryLimit, expireInSeconds, data } = claim;
  using heartbeat = keepClaim(claim, options);
  const signal = AbortSignal.any([stopped, heartbeat.lost, AbortSignal.timeout(expireInSeconds * 1000)]);
  try {
    await unlessStuck(handler({ ...data, attempt: retryCount + 1, last: retryCount >= retryLimit, signal }), signal);
    return undefined;
  } catch (error) {
    if (!stopped.aborted) onError(error);
    return PackhouseError.isInstance(error) ? error.code : 'internal';
  }
}

/** How long a handler has to leave once its signal has fired. */
export const LEAVE_MS = 1_000;

/** Gives up on a handler that does not leave: it would hold up its lane for good. */
async function unlessStuck(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const given = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => (timer = setTimeout(() => given.reject(abortError(signal)), LEAVE_MS));
  signal.addEventListener('abort', onAbort);
  try {
    await Promise.race([work, given.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Says that the claim's worker is alive, until disposed; `lost` fires when the claim has gone to another. */
function keepClaim(
  claim: Claim,
  { boss, queue, heartbeatMs, onError }: AttemptOptions,
): Disposable & { lost: AbortSignal } {
  const lost = new AbortController();
  const beat = async () => {
    const { affected } = (await boss.touch(queue, claim)) as { affected: number };
    if (affected === 0) lost.abort();
  };
  const timer = setInterval(() => void beat().catch(onError), heartbeatMs);
  return { lost: lost.signal, [Symbol.dispose]: () => clearInterval(timer) };
}
