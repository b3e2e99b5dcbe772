export interface RateLimit {
  /** Requests in a minute, all of which may come at once. */
  readonly perMinute: number;
  /** Callers remembered. Whoever has not come for longest is forgotten, and begins anew. @default 10000 */
  readonly remembered?: number;
  /** Milliseconds, for tests. @default performance.now */
  readonly now?: () => number;
}

/** What is left to a caller. */
export interface Allowance {
  readonly admitted: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until all of it is back, in milliseconds. */
  readonly resetMs: number;
  /** Until one more request is, in milliseconds. */
  readonly retryMs: number;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Takes a token from a caller's bucket, which fills evenly; one that is refused takes none. */
export type TokenBuckets = (caller: string) => Allowance;

export function tokenBuckets({
  perMinute,
  remembered = 10_000,
  now = () => performance.now(),
}: RateLimit): TokenBuckets {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / 60_000;
  return (caller) => {
    const at = now();
    const { tokens: before, at: then } = buckets.get(caller) ?? { tokens: perMinute, at };
    const filled = Math.min(perMinute, before + (at - then) * perMs);
    const admitted = filled >= 1;
    const tokens = admitted ? filled - 1 : filled;
    // Put in last: a Map's first key is then the one that was used longest ago.
    buckets.delete(caller);
    buckets.set(caller, { tokens, at });
    if (buckets.size > remembered) buckets.delete(buckets.keys().next().value as string);
    return {
      admitted,
      limit: perMinute,
      remaining: Math.floor(tokens),
      resetMs: (perMinute - tokens) / perMs,
      retryMs: Math.max(0, 1 - tokens) / perMs,
    };
  };
}
