import type { Embedder } from '@packhouse/core';
import { hashed } from '@packhouse/embedding/hashed';
import type { Settings } from '../settings/settings.js';

/** The embedder that EMBEDDING names. A model's libraries are loaded only where one is asked for. */
export async function openEmbedder({ EMBEDDING, MODEL_DIR }: Settings): Promise<Embedder> {
  if (EMBEDDING.provider === 'hashed') return hashed();
  const { huggingface } = await import('@packhouse/embedding/huggingface');
  return huggingface({
    ...(EMBEDDING.model && { model: EMBEDDING.model }),
    ...(MODEL_DIR && { modelDir: MODEL_DIR }),
  });
}
