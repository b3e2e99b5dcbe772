import { throwIfAborted } from '@packhouse/core';
import { setImmediate } from 'node:timers/promises';

/** In milliseconds. */
const AT_A_TIME = 10;

/** For long work between whose steps the process serves others: to be awaited at each. Throws once `signal` fires. */
export function breather(signal?: AbortSignal): () => Promise<void> {
  let since = performance.now();
  return async () => {
    throwIfAborted(signal);
    if (performance.now() - since < AT_A_TIME) return;
    await setImmediate();
    since = performance.now();
  };
}
