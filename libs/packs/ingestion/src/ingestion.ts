import type { Embedder, ExtractedText, NewChunk, Replacement, TenantStore } from '@packhouse/core';
import { chunks, type FiledDocument } from './chunks.js';
import { embedChunks, type OnProgress } from './embed-chunks.js';
import { split, type SplitOptions } from './split.js';

export interface IngestionOptions {
  embedder: Embedder;
  /** How texts are cut. @default pieces of 800 tokens that overlap by 400 */
  chunking?: SplitOptions;
  onProgress?: OnProgress;
}

export interface Ingestion {
  /**
   * All a document's chunks: those that the store does not hold with a vector of this model have one, for
   * `replaceDocument`. Nothing is written.
   *
   * @throws PackhouseError `invalid_request` for chunk sizes out of range, `provider_failed` or `dimension_mismatch` for
   *   vectors that are not what the embedder promises, and the embedder's own
   */
  prepare(
    document: FiledDocument,
    extracted: ExtractedText,
    store: Pick<TenantStore, 'embedded'>,
    signal?: AbortSignal,
  ): Promise<NewChunk[]>;

  /** Prepares a document and makes it the version that is searched. The version before is searched until then. */
  ingest(
    document: FiledDocument,
    extracted: ExtractedText,
    store: Pick<TenantStore, 'embedded' | 'replaceDocument'>,
    signal?: AbortSignal,
  ): Promise<Replacement>;
}

/**
 * Brings documents into a chunk store: split, name by content, embed what is new, replace.
 *
 * @example
 * const { ingest } = ingestion({ embedder });
 * await ingest({ collection: 'manuals', documentId: 'a1', source: 'boiler.pdf' }, extracted, store);
 */
export function ingestion({ embedder, chunking = {}, onProgress }: IngestionOptions): Ingestion {
  const prepare: Ingestion['prepare'] = async (document, extracted, store, signal) => {
    const all = chunks(document, await split(extracted, chunking, signal));
    const known = await store.embedded(
      all.map(({ id }) => id),
      embedder.model,
      signal,
    );
    return embedChunks(all, known, embedder, onProgress, signal);
  };
  return {
    prepare,
    ingest: async (document, extracted, store, signal) =>
      store.replaceDocument(document, await prepare(document, extracted, store, signal), signal),
  };
}
