/** A vector and the model that made it: vectors of different models are never compared. */
export interface Embedding {
  readonly model: string;
  readonly vector: Float32Array;
}

/** Some models want a question marked as one. */
export type EmbeddingKind = 'query' | 'document';

/** Turns texts into vectors of length 1. */
export interface Embedder {
  /** Names the space the vectors live in: a change of weights, pooling or dimensions is another name. */
  readonly model: string;
  readonly dimensions: number;
  /** Most texts one call takes. Callers batch; an embedder refuses more. */
  readonly maxBatch: number;
  /** False for hashing: such vectors know spelling, not meaning, and do not help a good lexical search. */
  readonly learned: boolean;
  /** BCP 47 tags of the languages it was made for; `*` for any. */
  readonly languages: readonly string[];
  /** One vector a text, in order. A zero vector only for a text with nothing in it to embed. */
  embed(texts: readonly string[], kind: EmbeddingKind, signal?: AbortSignal): Promise<Float32Array[]>;
}
