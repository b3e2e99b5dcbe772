import { abortError, throwIfAborted } from '@packhouse/core';

/** Lets so many callers through at once; the others wait in the order they came. */
export interface Turns {
  /** Resolves when it is the caller's turn; rejects when `signal` fires first. Each turn must be passed on. */
  take(signal?: AbortSignal): Promise<void>;
  pass(): void;
}

export function turns(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return {
    async take(signal) {
      throwIfAborted(signal);
      if (free > 0) free--;
      else await inLine(waiting, signal);
    },
    pass() {
      const next = waiting.shift();
      if (next) next();
      else free++;
    },
  };
}

function inLine(waiting: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = () => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const leave = () => {
      waiting.splice(waiting.indexOf(go), 1);
      reject(abortError(signal as AbortSignal));
    };
    signal?.addEventListener('abort', leave, { once: true });
    waiting.push(go);
  });
}
