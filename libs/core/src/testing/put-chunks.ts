import type { Chunk, DocumentRef, Hit } from '../passage.js';
import type { NewChunk, Replacement, TenantStore } from '../ports/chunk-store.js';
import type { Embedding } from '../ports/embedder.js';
import { wordEmbedder } from './fakes/word-embedder.js';

const embedder = wordEmbedder(64);

/** The model of every vector that `embed` makes. */
export const MODEL = embedder.model;

/** The document that chunks belong to which do not say otherwise. */
export const DOCUMENT: DocumentRef = { collection: 'docs', documentId: 'doc' };

export async function embed(text: string): Promise<Embedding> {
  const [vector] = (await embedder.embed([text], 'document')) as [Float32Array];
  return { model: MODEL, vector };
}

export async function embedAll(chunks: readonly Chunk[]): Promise<NewChunk[]> {
  return Promise.all(chunks.map(async (chunk) => ({ ...chunk, embedding: await embed(chunk.text) })));
}

/** Makes these chunks all there is of a document. */
export async function put(store: TenantStore, chunks: readonly Chunk[], document = DOCUMENT): Promise<Replacement> {
  return store.replaceDocument(document, await embedAll(chunks));
}

export function idsOf(hits: readonly Hit[]): string[] {
  return hits.map(({ chunk }) => chunk.id);
}
