export type { NodeLike } from './chunk-node.js';
export {
  fromLlamaIndexEmbedding,
  type FromLlamaIndexEmbeddingOptions,
  type LlamaIndexEmbeddingLike,
} from './from-embedding.js';
export { fromLlamaIndexLLM, type FromLlamaIndexLLMOptions, type LlamaIndexLLMLike } from './from-llm.js';
export {
  fromLlamaIndexRetriever,
  type FromLlamaIndexRetrieverOptions,
  type LlamaIndexRetrieverLike,
} from './from-retriever.js';
export { toLlamaIndexEmbedding } from './to-embedding.js';
export { toLlamaIndexLLM } from './to-llm.js';
export { toLlamaIndexRetriever, type ToLlamaIndexRetrieverOptions } from './to-retriever.js';
