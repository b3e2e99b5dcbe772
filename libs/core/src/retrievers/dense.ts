import type { TenantStore } from '../ports/chunk-store.js';
import type { Embedder } from '../ports/embedder.js';
import type { Retriever } from '../ports/retriever.js';
import { embedQuestion } from './embed-question.js';

/** Retrieves by meaning: the chunks whose vectors are nearest to the question's. */
export function dense(store: TenantStore, embedder: Embedder): Retriever {
  return {
    name: 'dense',
    async retrieve({ text, ...search }, signal) {
      return store.nearest(await embedQuestion(embedder, text, signal), search, signal);
    },
  };
}
