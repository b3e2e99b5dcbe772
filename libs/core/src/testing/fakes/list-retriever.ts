import { throwIfAborted } from '../../abort.js';
import { passes } from '../../filter.js';
import type { Hit } from '../../passage.js';
import type { Retriever } from '../../ports/retriever.js';

/** A retriever that finds the same hits, in their order, whatever it is asked. */
export function listRetriever(name: string, hits: readonly Hit[]): Retriever {
  return {
    name,
    async retrieve({ limit, collections, filter, minScore = -Infinity }, signal) {
      throwIfAborted(signal);
      return hits
        .filter(({ chunk }) => collections?.includes(chunk.collection) ?? true)
        .filter(({ chunk, score }) => score >= minScore && (!filter || passes(chunk.attributes, filter)))
        .slice(0, limit);
    },
  };
}
