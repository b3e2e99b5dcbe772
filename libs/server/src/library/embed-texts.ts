import { setImmediate } from 'node:timers/promises';
import { throwIfAborted, type Embedder } from '@packhouse/core';
import { cl100k, type CountTokens } from '@packhouse/ingestion';

export interface EmbeddedTexts {
  readonly vectors: readonly Float32Array[];
  /** By cl100k_base, the vocabulary of OpenAI's models, to about one in a thousand characters. */
  readonly tokens: number;
}

/** Embeds texts a batch at a time. In between others are served, and a caller who has gone is noticed. */
export async function embedTexts(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<EmbeddedTexts> {
  const count = await cl100k();
  const vectors: Float32Array[] = [];
  let tokens = 0;
  for (const batch of batches(texts, embedder.maxBatch)) {
    await setImmediate();
    throwIfAborted(signal);
    vectors.push(...(await embedder.embed(batch, 'document', signal)));
    for (const text of batch) tokens += tokensOf(text, count);
  }
  return { vectors, tokens };
}

/** In characters: what an embedder of our own works on for some hundredths of a second. */
const MAX_LENGTH = 50_000;

function* batches(texts: readonly string[], most: number): Generator<string[]> {
  let batch: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (batch.length === most || (batch.length > 0 && length + text.length > MAX_LENGTH)) {
      yield batch;
      [batch, length] = [[], 0];
    }
    batch.push(text);
    length += text.length;
  }
  if (batch.length > 0) yield batch;
}

/** Tokenizers take quadratic time for a word without end. */
const PIECE = 1_000;

function tokensOf(text: string, count: CountTokens): number {
  let tokens = 0;
  for (let start = 0; start < text.length; start += PIECE) tokens += count(text.slice(start, start + PIECE));
  return tokens;
}
