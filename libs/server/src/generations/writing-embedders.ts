import type { Embedder, NewChunk, TenantId, TenantStore } from '@packhouse/core';
import { embedChunks } from '@packhouse/ingestion';
import { asTenant, generations, type ChunkEmbedding, type Db } from '@packhouse/postgres';
import type { Embedders } from '../parts/embedder.js';

/** New vectors of one model. */
export interface ModelEmbeddings {
  readonly model: string;
  readonly embeddings: readonly ChunkEmbedding[];
}

/**
 * The models that a tenant's new chunks are embedded with: each generation's that is open here, so that the one being
 * built does not fall behind and the one before can be gone back to; the active one's first. Where that is not open, the
 * current one alone.
 */
export async function writingEmbedders(
  db: Db,
  embedders: Embedders,
  tenant: TenantId,
  signal?: AbortSignal,
): Promise<[Embedder, ...Embedder[]]> {
  const all = await asTenant(db, tenant, (tx) => generations.list(tx), signal);
  const open = all
    .filter(({ held }) => held === null)
    .toSorted((a, b) => Number(b.state === 'active') - Number(a.state === 'active'))
    .flatMap(({ model }) => embedders.named(model) ?? []);
  const [first = embedders.current, ...others] = open;
  return [first, ...others];
}

/** Vectors of further models for chunks that are about to be stored, where they are not stored already. */
export function embedBeside(
  chunks: readonly NewChunk[],
  embedders: readonly Embedder[],
  store: TenantStore,
  signal?: AbortSignal,
): Promise<ModelEmbeddings[]> {
  const ids = chunks.map(({ id }) => id);
  return Promise.all(
    embedders.map(async (embedder) => {
      const { model } = embedder;
      const made = await embedChunks(chunks, await store.embedded(ids, model, signal), embedder, undefined, signal);
      const embeddings = made.flatMap(({ id, embedding }) =>
        embedding?.model === model ? [{ id, vector: embedding.vector }] : [],
      );
      return { model, embeddings };
    }),
  );
}
