/** Reads question and text together, which is slower and better than comparing vectors. */
export interface Reranker {
  readonly model: string;
  /** Most texts one call takes. */
  readonly maxBatch: number;
  /** One relevance a text, in order; greater is better. */
  score(question: string, texts: readonly string[], signal?: AbortSignal): Promise<number[]>;
}
