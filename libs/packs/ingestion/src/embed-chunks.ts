import { PackhouseError, throwIfAborted, type Chunk, type Embedder, type NewChunk } from '@packhouse/core';

/** Called after every batch: how many of the chunks that need a vector have one. */
export type OnProgress = (progress: { readonly embedded: number; readonly total: number }) => void;

/**
 * Gives vectors to the chunks that are not in `known`, in their order, a batch of the embedder's size at a time: one
 * document does not crowd out the others.
 *
 * @throws PackhouseError `provider_failed` for vectors too few, too many or not finite, `dimension_mismatch`
 */
export async function embedChunks(
  chunks: readonly Chunk[],
  known: ReadonlySet<string>,
  embedder: Embedder,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<NewChunk[]> {
  const missing = chunks.filter(({ id }) => !known.has(id));
  const vectors = new Map<string, Float32Array>();
  for (let start = 0; start < missing.length; start += embedder.maxBatch) {
    throwIfAborted(signal);
    const batch = missing.slice(start, start + embedder.maxBatch);
    const made = await embedBatch(batch, embedder, signal);
    batch.forEach(({ id }, index) => vectors.set(id, made[index] as Float32Array));
    onProgress?.({ embedded: start + batch.length, total: missing.length });
  }
  return chunks.map((chunk) => {
    const vector = vectors.get(chunk.id);
    return vector ? { ...chunk, embedding: { model: embedder.model, vector } } : chunk;
  });
}

async function embedBatch(batch: readonly Chunk[], embedder: Embedder, signal?: AbortSignal): Promise<Float32Array[]> {
  const texts = batch.map(({ text }) => text);
  const vectors = await embedder.embed(texts, 'document', signal);
  if (vectors.length !== batch.length)
    throw new PackhouseError(
      'provider_failed',
      `${embedder.model} made ${vectors.length} vectors of ${batch.length} texts.`,
    );
  for (const vector of vectors) check(vector, embedder);
  return vectors;
}

function check(vector: Float32Array, { model, dimensions }: Embedder): void {
  if (vector.length !== dimensions)
    throw new PackhouseError(
      'dimension_mismatch',
      `${model} made a vector of ${vector.length} dimensions, not ${dimensions}.`,
    );
  if (!vector.every(Number.isFinite))
    throw new PackhouseError('provider_failed', `${model} made a vector with values that are not numbers.`);
}
