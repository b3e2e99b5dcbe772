import { PackhouseError } from '../errors.js';
import type { HybridQuestion, TenantStore } from '../ports/chunk-store.js';
import type { Embedder } from '../ports/embedder.js';
import type { Retriever } from '../ports/retriever.js';
import { embedQuestion } from './embed-question.js';

/** Lexical search leads with a learned embedder too: see the measurements in tools/eval. */
export const HYBRID_WEIGHTS: HybridQuestion['weights'] = { lexical: 0.7, dense: 0.3 };

/**
 * Retrieves by words and meaning in one statement of the store, so that both see the same chunks.
 *
 * @throws PackhouseError `unsupported` at once for a store without it
 */
export function hybrid(store: TenantStore, embedder: Embedder, weights = HYBRID_WEIGHTS): Retriever {
  const search = store.hybrid;
  if (!search) throw new PackhouseError('unsupported', 'This chunk store has no hybrid search.');
  return {
    name: 'hybrid',
    async retrieve({ text, ...options }, signal) {
      const embedding = await embedQuestion(embedder, text, signal);
      return search.call(store, { text, embedding, weights }, options, signal);
    },
  };
}
