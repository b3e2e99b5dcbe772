import type { Chunk } from '../../passage.js';
import type { TenantStore } from '../../ports/chunk-store.js';
import type { Embedder } from '../../ports/embedder.js';

/** Puts chunks of any documents into a store, with their vectors. What the documents held before is replaced. */
export async function fillStore(store: TenantStore, chunks: readonly Chunk[], embedder: Embedder): Promise<void> {
  const documents = new Map<string, [Chunk, ...Chunk[]]>();
  for (const chunk of chunks) {
    const key = JSON.stringify([chunk.collection, chunk.documentId]);
    const others = documents.get(key);
    if (others) others.push(chunk);
    else documents.set(key, [chunk]);
  }
  for (const document of documents.values()) {
    await store.replaceDocument(document[0], await Promise.all(document.map((chunk) => embed(chunk, embedder))));
  }
}

async function embed(chunk: Chunk, embedder: Embedder) {
  const [vector] = (await embedder.embed([chunk.text], 'document')) as [Float32Array];
  return { ...chunk, embedding: { model: embedder.model, vector } };
}
