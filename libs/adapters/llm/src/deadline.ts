import { PackhouseError } from '@packhouse/core';

/** How long a provider may be silent, and its caller's patience, as one signal for the socket. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** From now on the provider is waited for. */
  wait(): void;
  /** It was heard, or is no longer waited for. */
  stop(): void;
}

/** The signal fires when `wait` was called `ms` ago and `stop` was not, or when the caller's does. */
export function deadline(ms: number, caller: AbortSignal | undefined): Deadline {
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  return {
    signal: AbortSignal.any([silence.signal, ...(caller ? [caller] : [])]),
    stop,
    wait() {
      stop();
      timer = setTimeout(() => silence.abort(tooSlow(ms)), ms);
    },
  };
}

function tooSlow(ms: number): PackhouseError {
  const message = `The model was silent for ${ms} ms: ask again, or give it more time (timeoutMs).`;
  return new PackhouseError('timeout', message, { retryable: true });
}
