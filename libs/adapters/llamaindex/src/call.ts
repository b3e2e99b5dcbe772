import { abortError, PackhouseError, throwIfAborted } from '@packhouse/core';

/**
 * Awaits a call into LlamaIndex, which knows no signals: when ours fires, the caller is told at once, and the call goes
 * on unheard. `who` names the object in messages.
 *
 * @throws PackhouseError `aborted`, `timeout`, `provider_refused` (an HTTP status from 400 to 499 that will not change),
 *   `provider_failed`
 */
export async function call<T>(who: string, work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  throwIfAborted(signal);
  try {
    return await (signal ? raced(work(), signal) : work());
  } catch (cause) {
    throw typed(who, cause);
  }
}

async function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = () => {};
  const gone = new Promise<never>((_, reject) => {
    leave = () => reject(abortError(signal));
  });
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, gone]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function typed(who: string, cause: unknown): PackhouseError {
  if (PackhouseError.isInstance(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return isRefusal(cause)
    ? new PackhouseError('provider_refused', `${who} was refused: ${reason}`, { cause })
    : new PackhouseError('provider_failed', `${who} failed: ${reason}`, { cause, retryable: true });
}

/** The clients beneath LlamaIndex put the HTTP status on their errors. 408, 409 and 429 pass with time. */
function isRefusal(cause: unknown): boolean {
  const status = typeof cause === 'object' && cause !== null && 'status' in cause ? Number(cause.status) : NaN;
  return status >= 400 && status < 500 && ![408, 409, 429].includes(status);
}
