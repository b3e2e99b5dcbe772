import type { Allowance } from './token-buckets.js';

/** For clients of each kind: the IETF's draft (httpapi-ratelimit-headers, 10), and what OpenAI's look for. */
export function rateLimitHeaders({ admitted, limit, remaining, resetMs, retryMs }: Allowance): Record<string, string> {
  return {
    'RateLimit-Policy': `"requests";q=${limit};w=60`,
    RateLimit: `"requests";r=${remaining};t=${Math.ceil(resetMs / 1000)}`,
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-reset-requests': duration(resetMs),
    ...(!admitted && {
      'retry-after': String(Math.ceil(retryMs / 1000)),
      'retry-after-ms': String(Math.ceil(retryMs)),
    }),
  };
}

/** As OpenAI writes it: `250ms`, `12s`, `1m30s`. */
function duration(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 1000);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}
