import { PackhouseError } from '../errors.js';
import type { Embedder, Embedding } from '../ports/embedder.js';

/** The question's vector, with the name of its space. */
export async function embedQuestion(embedder: Embedder, text: string, signal?: AbortSignal): Promise<Embedding> {
  const [vector] = await embedder.embed([text], 'query', signal);
  if (!vector) throw new PackhouseError('provider_failed', `${embedder.model} returned no vector for the question.`);
  return { model: embedder.model, vector };
}
