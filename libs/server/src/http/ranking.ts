import type { Query } from '@packhouse/core';
import type { Weights } from '../parts/packs.js';
import type { RankingOptions } from './bodies.js';

/** How hits are ranked, and which are left out. */
export interface Ranking {
  readonly weights: Weights | undefined;
  readonly restriction: Pick<Query, 'minScore'>;
}

/** OpenAI's ranking options as ours. */
export function rankingOf(options: RankingOptions | null | undefined): Ranking {
  const { score_threshold: minScore, hybrid_search: hybrid } = options ?? {};
  return {
    weights: hybrid && { lexical: hybrid.text_weight, dense: hybrid.embedding_weight },
    restriction: minScore === undefined ? {} : { minScore },
  };
}
