import { throwIfAborted } from '../../abort.js';
import { PackhouseError } from '../../errors.js';
import type { Embedder } from '../../ports/embedder.js';
import { words } from '../../text/words.js';

const MAX_BATCH = 16;

/** An embedder that counts words: texts with the same words are near, for whatever reason. Repeatable. */
export function wordEmbedder(dimensions = 64): Embedder {
  return {
    model: `words-${dimensions}`,
    dimensions,
    maxBatch: MAX_BATCH,
    learned: false,
    languages: ['*'],
    async embed(texts, _kind, signal) {
      throwIfAborted(signal);
      if (texts.length > MAX_BATCH) throw new PackhouseError('invalid_request', `At most ${MAX_BATCH} texts a call.`);
      return texts.map((text) => unit(countWords(text, dimensions)));
    },
  };
}

function countWords(text: string, dimensions: number): Float32Array {
  const counts = new Float32Array(dimensions);
  for (const word of words(text)) {
    const place = fnv1a(word) % dimensions;
    counts[place] = (counts[place] as number) + 1;
  }
  return counts;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

function fnv1a(word: string): number {
  let hash = 0x811c9dc5;
  for (const unit of word) hash = Math.imul(hash ^ (unit.codePointAt(0) as number), 0x01000193) >>> 0;
  return hash;
}
