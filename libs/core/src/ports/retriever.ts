import type { Filter } from '../filter.js';
import type { Hit } from '../passage.js';

/** What to look for, and where. */
export interface Query {
  readonly text: string;
  /** At most so many hits, 1 or more. */
  readonly limit: number;
  /** Only in these collections; all of the tenant's without it. */
  readonly collections?: readonly string[];
  /** Only chunks whose attributes pass. */
  readonly filter?: Filter;
  /** Only hits that score at least so much, by the retriever's own scale. */
  readonly minScore?: number;
}

/** The port every retrieval pack speaks: packs take retrievers and are one. */
export interface Retriever {
  /** Composes, so that a trace reads itself: `fusion(lexical+dense)`. */
  readonly name: string;
  /** Best hit first, each chunk once, at most `query.limit`. */
  retrieve(query: Query, signal?: AbortSignal): Promise<Hit[]>;
}
