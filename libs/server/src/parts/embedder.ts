import type { Embedder } from '@packhouse/core';
import { hashed } from '@packhouse/embedding/hashed';
import type { Settings } from '../settings/settings.js';

/** The models this process has open. */
export interface Embedders {
  /** What EMBEDDING names: every tenant is brought to it. */
  readonly current: Embedder;
  /** By `Embedder.model`; undefined for one that is not open here. */
  named(model: string): Embedder | undefined;
}

/** Opens what EMBEDDING names, and EMBEDDING_PREVIOUS, which tenants are asked by until they are brought over. */
export async function openEmbedders(settings: Settings): Promise<Embedders> {
  const { EMBEDDING, EMBEDDING_PREVIOUS } = settings;
  const [current, previous] = await Promise.all([
    openEmbedder(settings, EMBEDDING),
    EMBEDDING_PREVIOUS && openEmbedder(settings, EMBEDDING_PREVIOUS),
  ]);
  return { current, named: (model) => [current, previous].find((embedder) => embedder?.model === model) };
}

/** A model's libraries are loaded only where one is asked for. */
async function openEmbedder({ MODEL_DIR }: Settings, choice: Settings['EMBEDDING']): Promise<Embedder> {
  if (choice.provider === 'hashed') return hashed();
  const { huggingface } = await import('@packhouse/embedding/huggingface');
  return huggingface({
    ...(choice.model && { model: choice.model }),
    ...(MODEL_DIR && { modelDir: MODEL_DIR }),
  });
}
