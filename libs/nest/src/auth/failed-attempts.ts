import { HttpException, HttpStatus } from '@nestjs/common';
import { BoundedMap } from './bounded-map.js';

const WINDOW_MS = 60_000;

/** Names that are counted at once. */
const MOST_COUNTS = 10_000;

/** Who tries to get in. */
export interface Attempt {
  readonly network: string;
  /** The key they name, where it is one. */
  readonly keyId?: string | undefined;
}

/** Too many have failed from there: the same request may do better in a while. */
export class TooManyAttempts extends HttpException {
  constructor(readonly retryAfterSeconds: number) {
    super('Too many attempts with credentials that are not valid here.', HttpStatus.TOO_MANY_REQUESTS);
  }
}

export interface FailedAttempts {
  /** Why no further attempt is made, undefined where one is. */
  refusal(attempt: Attempt): TooManyAttempts | undefined;
  note(attempt: Attempt): void;
}

/**
 * Counts failures by the minute. An address that has failed too often is refused. A key that was tried too often, from
 * wherever, is refused to those addresses that have failed at it, and so never to its owner.
 */
export function failedAttempts(most: number): FailedAttempts {
  const counts = new BoundedMap<string, { failures: number; readonly ends: number }>(MOST_COUNTS);
  const current = (name: string) => {
    const count = counts.get(name);
    return count && count.ends > performance.now() ? count : undefined;
  };
  const failed = (name: string, times: number) => (current(name)?.failures ?? 0) >= times;
  const secondsLeft = (name: string) => Math.ceil(((current(name)?.ends ?? 0) - performance.now()) / 1000);

  return {
    refusal({ network, keyId }) {
      const [whole, key, both] = names(network, keyId);
      if (failed(whole, most)) return new TooManyAttempts(secondsLeft(whole));
      return keyId && failed(key, most) && failed(both, 1) ? new TooManyAttempts(secondsLeft(both)) : undefined;
    },
    note({ network, keyId }) {
      const all = names(network, keyId);
      for (const name of keyId ? all : all.slice(0, 1)) {
        const count = current(name);
        if (count) count.failures += 1;
        else counts.set(name, { failures: 1, ends: performance.now() + WINDOW_MS });
      }
    },
  };
}

const names = (network: string, keyId = '') => [network, keyId, `${keyId} ${network}`] as const;
