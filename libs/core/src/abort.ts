import { PackhouseError } from './errors.js';

/** Throws `timeout` or `aborted` where the signal has fired; call it between steps that cannot be interrupted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}

/** The typed error for a signal that has fired. `AbortSignal.timeout()` makes it `timeout`, all else `aborted`. */
export function abortError(signal: AbortSignal): PackhouseError {
  const cause: unknown = signal.reason;
  if (PackhouseError.isInstance(cause)) return cause;
  // By name: a DOMException need not be an Error of this realm.
  const timedOut = (cause as { name?: unknown } | null)?.name === 'TimeoutError';
  return timedOut
    ? new PackhouseError('timeout', 'The deadline passed before the work was done.', { cause, retryable: true })
    : new PackhouseError('aborted', 'The caller went away before the work was done.', { cause });
}
