import { passes, type Hit, type Query, type Retriever } from '@packhouse/core';
import { call } from './call.js';
import { nodeToChunk, type NodeLike } from './chunk-node.js';

/** What we need of a LlamaIndex `BaseRetriever`. */
export interface LlamaIndexRetrieverLike {
  retrieve(query: string): Promise<readonly { readonly node: NodeLike; readonly score?: number | undefined }[]>;
}

export interface FromLlamaIndexRetrieverOptions {
  /** The retriever's name in traces. @default 'llamaindex' */
  name?: string;
  /** The collection that its chunks are said to be in, where they do not come from ours. @default 'llamaindex' */
  collection?: string;
}

/**
 * A LlamaIndex retriever as one of ours. It finds as many as it is set to (`similarityTopK`), of which at most the
 * query's limit are kept; collections, filters and least scores are seen to afterwards. A hit without a score has score 0. Nodes without text
 * are left out. LlamaIndex takes no signal: a caller that goes is told at once, the search behind goes on to its end.
 *
 * @throws PackhouseError `aborted`, `timeout`, `provider_refused`, `provider_failed` by the retriever returned
 */
export function fromLlamaIndexRetriever(
  retriever: LlamaIndexRetrieverLike,
  { name = 'llamaindex', collection = 'llamaindex' }: FromLlamaIndexRetrieverOptions = {},
): Retriever {
  return {
    name,
    async retrieve(query, signal) {
      const found = await call(name, () => retriever.retrieve(query.text), signal);
      return best(
        found.map(({ node, score = 0 }) => ({ chunk: nodeToChunk(node, collection), score })),
        query,
      );
    },
  };
}

function best(hits: readonly Hit[], { limit, collections, filter, minScore = -Infinity }: Query): Hit[] {
  const sorted = hits
    .filter(({ chunk, score }) => score >= minScore && (!filter || passes(chunk.attributes, filter)))
    .filter(({ chunk }) => chunk.text.trim() !== '' && (collections?.includes(chunk.collection) ?? true))
    .sort((a, b) => b.score - a.score);
  const first = new Map<string, Hit>();
  for (const hit of sorted) if (!first.has(hit.chunk.id)) first.set(hit.chunk.id, hit);
  return [...first.values()].slice(0, limit);
}
