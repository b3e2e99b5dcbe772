import type { QueryBundle } from '@llamaindex/core/query-engine';
import { BaseRetriever } from '@llamaindex/core/retriever';
import type { NodeWithScore } from '@llamaindex/core/schema';
import { extractText } from '@llamaindex/core/utils';
import type { Retriever } from '@packhouse/core';
import { chunkToNode } from './chunk-node.js';

export interface ToLlamaIndexRetrieverOptions {
  /** Most nodes a question finds: LlamaIndex asks without a number. */
  limit: number;
}

/** A retriever of ours, whichever packs it is made of, for LlamaIndex's query and chat engines. */
export function toLlamaIndexRetriever(retriever: Retriever, { limit }: ToLlamaIndexRetrieverOptions): BaseRetriever {
  return new PackhouseRetriever(retriever, limit);
}

class PackhouseRetriever extends BaseRetriever {
  readonly #retriever: Retriever;
  readonly #limit: number;

  constructor(retriever: Retriever, limit: number) {
    super();
    this.#retriever = retriever;
    this.#limit = limit;
  }

  override async _retrieve({ query }: QueryBundle): Promise<NodeWithScore[]> {
    const hits = await this.#retriever.retrieve({ text: extractText(query), limit: this.#limit });
    return hits.map(({ chunk, score }) => ({ node: chunkToNode(chunk), score }));
  }
}
