import type { Hit } from '../passage.js';
import type { Reranker } from '../ports/reranker.js';
import type { Retriever } from '../ports/retriever.js';
import { PackhouseError } from '../errors.js';

export interface RerankedOptions {
  /** How many hits the reranker sees, as a multiple of the caller's limit. @default 4 */
  depth?: number;
}

/**
 * Lets a reranker reorder what a retriever found. Its scores become the hits', and a query's least score is on their
 * scale; ties keep the retriever's order.
 */
export function reranked(retriever: Retriever, reranker: Reranker, { depth = 4 }: RerankedOptions = {}): Retriever {
  return {
    name: `reranked(${retriever.name})`,
    async retrieve({ minScore = -Infinity, ...query }, signal) {
      const hits = await retriever.retrieve({ ...query, limit: query.limit * depth }, signal);
      const scores = await scoreInBatches(reranker, query.text, hits, signal);
      return hits
        .map((hit, index) => ({ ...hit, score: scores[index] as number }))
        .filter(({ score }) => score >= minScore)
        .sort((a, b) => b.score - a.score)
        .slice(0, query.limit);
    },
  };
}

async function scoreInBatches(reranker: Reranker, question: string, hits: readonly Hit[], signal?: AbortSignal) {
  const scores: number[] = [];
  for (let start = 0; start < hits.length; start += reranker.maxBatch) {
    const texts = hits.slice(start, start + reranker.maxBatch).map(({ chunk }) => chunk.text);
    scores.push(...(await reranker.score(question, texts, signal)));
  }
  if (scores.length === hits.length) return scores;
  throw new PackhouseError('provider_failed', `${reranker.model} scored ${scores.length} of ${hits.length} texts.`);
}
