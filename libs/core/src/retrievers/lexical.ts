import { PackhouseError } from '../errors.js';
import type { TenantStore } from '../ports/chunk-store.js';
import type { Retriever } from '../ports/retriever.js';

/** Retrieves by words: BM25. @throws PackhouseError `unsupported` at once for a store without it */
export function lexical(store: TenantStore): Retriever {
  const { matching } = store;
  if (!matching) throw new PackhouseError('unsupported', 'This chunk store has no lexical search.');
  return {
    name: 'lexical',
    retrieve: ({ text, ...search }, signal) => matching.call(store, text, search, signal),
  };
}
