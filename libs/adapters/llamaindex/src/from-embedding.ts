import { PackhouseError, type Embedder } from '@packhouse/core';
import { call } from './call.js';

/** What we need of a LlamaIndex `BaseEmbedding`. Its instances are functions. */
export interface LlamaIndexEmbeddingLike {
  readonly embedBatchSize: number;
  getTextEmbeddings(texts: string[]): Promise<number[][]>;
  getQueryEmbedding(query: { type: 'text'; text: string }): Promise<number[] | null>;
}

export interface FromLlamaIndexEmbeddingOptions {
  /** Names the space of the vectors: another name for other weights, pooling or dimensions. */
  model: string;
  dimensions: number;
  /** False for hashing and the like. @default true */
  learned?: boolean;
}

/**
 * A LlamaIndex embedding model as an embedder, `embedBatchSize` texts a call. Vectors are brought to length 1; a text
 * with nothing in it has a zero vector and is not sent. LlamaIndex takes no signal: a caller that goes is told at once,
 * the request behind goes on to its end.
 *
 * @throws PackhouseError `invalid_request` for a batch too large, `dimension_mismatch`, `aborted`, `timeout`,
 *   `provider_refused`, `provider_failed` by the embedder returned
 */
export function fromLlamaIndexEmbedding(
  embedding: LlamaIndexEmbeddingLike,
  { model, dimensions, learned = true }: FromLlamaIndexEmbeddingOptions,
): Embedder {
  const vectorsOf = {
    document: (texts: string[]) => embedding.getTextEmbeddings(texts),
    query: (texts: string[]) => Promise.all(texts.map((text) => embedding.getQueryEmbedding({ type: 'text', text }))),
  };
  const maxBatch = embedding.embedBatchSize;
  return {
    model,
    dimensions,
    maxBatch,
    learned,
    languages: ['*'],
    async embed(texts, kind, signal) {
      if (texts.length > maxBatch)
        throw new PackhouseError('invalid_request', `${model} takes ${maxBatch} texts a call.`);
      const sent = texts.filter(holdsText);
      const found = await call(model, () => (sent.length === 0 ? Promise.resolve([]) : vectorsOf[kind](sent)), signal);
      if (found.length !== sent.length) throw new PackhouseError('provider_failed', miscounted(model, found, sent));
      const rest = found.values();
      return texts.map((text) =>
        holdsText(text) ? unit(rest.next().value, model, dimensions) : new Float32Array(dimensions),
      );
    },
  };
}

const holdsText = (text: string) => text.trim() !== '';

const miscounted = (model: string, found: readonly unknown[], sent: readonly unknown[]) =>
  `${model} returned ${found.length} vectors for ${sent.length} texts.`;

function unit(vector: readonly number[] | null | undefined, model: string, dimensions: number): Float32Array {
  if (vector?.length !== dimensions) {
    throw new PackhouseError(
      'dimension_mismatch',
      `${model} returned ${vector?.length ?? 0} of ${dimensions} dimensions.`,
    );
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return Float32Array.from(vector, (value) => value / length);
}
