import { wordEmbedder } from '@packhouse/core/testing';
import type { NewChunk } from '@packhouse/core';

export const DOCUMENT = { collection: 'docs', documentId: 'manual' };
export const EMBEDDER = wordEmbedder(64);

/** So many chunks of a document, each of which names its version. */
export async function versionOf(name: string, chunks: number): Promise<NewChunk[]> {
  const texts = Array.from({ length: chunks }, (_, number) => `The ${name} version, part ${number}.`);
  const vectors = await Promise.all(texts.map((text) => EMBEDDER.embed([text], 'document')));
  return texts.map((text, ordinal) => ({
    ...DOCUMENT,
    id: `${name}-${ordinal}`,
    ordinal,
    text,
    span: { start: 0, end: text.length },
    pages: [],
    source: 'manual.txt',
    attributes: {},
    embedding: { model: EMBEDDER.model, vector: vectors[ordinal]?.[0] as Float32Array },
  }));
}
