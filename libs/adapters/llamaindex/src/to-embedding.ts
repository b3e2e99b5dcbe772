import { BaseEmbedding } from '@llamaindex/core/embeddings';
import type { MessageContentDetail } from '@llamaindex/core/llms';
import { extractSingleText } from '@llamaindex/core/utils';
import type { Embedder, EmbeddingKind } from '@packhouse/core';

/** An embedder of ours for LlamaIndex's indices and pipelines. Questions are embedded as questions. */
export function toLlamaIndexEmbedding(embedder: Embedder): BaseEmbedding {
  return new PackhouseEmbedding(embedder);
}

/**
 * LlamaIndex turns instances into functions: fields called `name` or `length` would throw, private ones would not be
 * found. What the methods need is in the constructor's closure.
 */
class PackhouseEmbedding extends BaseEmbedding {
  override getTextEmbedding: (text: string) => Promise<number[]>;
  override getQueryEmbedding: (query: MessageContentDetail) => Promise<number[] | null>;

  constructor(embedder: Embedder) {
    super();
    this.embedBatchSize = embedder.maxBatch;
    this.embedInfo = { dimensions: embedder.dimensions };
    this.getTextEmbeddings = (texts) => inBatches(embedder, texts, 'document');
    this.getTextEmbedding = async (text) => first(await inBatches(embedder, [text], 'document'));
    this.getQueryEmbedding = async (query) => {
      const text = typeof query === 'string' ? query : extractSingleText(query);
      return text ? first(await inBatches(embedder, [text], 'query')) : null;
    };
  }
}

async function inBatches(embedder: Embedder, texts: readonly string[], kind: EmbeddingKind): Promise<number[][]> {
  const vectors: number[][] = [];
  for (let start = 0; start < texts.length; start += embedder.maxBatch) {
    const batch = await embedder.embed(texts.slice(start, start + embedder.maxBatch), kind);
    vectors.push(...batch.map((vector) => Array.from(vector)));
  }
  return vectors;
}

const first = (vectors: readonly number[][]) => vectors[0] as number[];
