import type { Hit } from '@packhouse/core';

/** Of reciprocal ranks, wherever rankings are fused here: the first of one scores its weight divided by one more. */
const DAMPING = 60;

/**
 * Scores by reciprocal ranks as shares of the best there can be, the first place in each ranking: 0 to 1, so that a
 * threshold means something. Rounded, because sums of parts are not whole to the last digit.
 */
export function asShares(hits: readonly Hit[], weights: readonly number[]): Hit[] {
  const best = weights.reduce((sum, weight) => sum + weight, 0) / (DAMPING + 1);
  return hits.map((hit) => ({ ...hit, score: Number((hit.score / best).toFixed(9)) }));
}
