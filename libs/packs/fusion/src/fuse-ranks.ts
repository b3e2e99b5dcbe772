import type { Chunk, Hit } from '@packhouse/core';

export interface FuseRanksOptions {
  /** How much each ranking counts, in their order, 0 or more. @default 1 each */
  weights?: readonly number[];
  /** Damps the difference between ranks: with 0 the second place is worth half of the first. @default 60 */
  k?: number;
}

/**
 * Weighted reciprocal rank fusion: a chunk scores the sum of weight / (k + rank) over the rankings it is in, ranks from
 * 1, whatever its scores there. Best first; of equals, the one first met in the order of rankings, then of ranks. A
 * chunk is known by its id. The rankings are left as they are.
 *
 * Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods",
 * SIGIR 2009.
 */
export function fuseRanks(rankings: readonly (readonly Hit[])[], { weights, k = 60 }: FuseRanksOptions = {}): Hit[] {
  const fused = new Map<string, { readonly chunk: Chunk; readonly shares: number[] }>();
  rankings.forEach((ranking, of) => {
    const weight = weights?.[of] ?? 1;
    firstOfEach(ranking).forEach(({ chunk }, index) => {
      const entry = fused.get(chunk.id) ?? { chunk, shares: [] };
      entry.shares.push(weight / (k + index + 1));
      fused.set(chunk.id, entry);
    });
  });
  return Array.from(fused.values(), ({ chunk, shares }) => ({ chunk, score: sum(shares) })).sort(
    (a, b) => b.score - a.score,
  );
}

/** A retriever that repeats a chunk does not thereby vote for it twice. */
function firstOfEach(ranking: readonly Hit[]): readonly Hit[] {
  const seen = new Set<string>();
  return ranking.filter(({ chunk: { id } }) => !seen.has(id) && seen.add(id));
}

/** In order of size: floating point sums depend on order, and equal sets of shares must stay ties. */
function sum(shares: number[]): number {
  return shares.sort((a, b) => a - b).reduce((total, share) => total + share, 0);
}
