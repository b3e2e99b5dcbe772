import { PackhouseError, type Embedder } from '@packhouse/core';
import { checkBatch } from './check-batch.js';
import { textFeatures } from './text-features.js';
import { toUnitLength } from './unit-length.js';

export interface HashedOptions {
  /** Length of a vector, 1 to 65536. Fewer means more features that share a place. @default 384 */
  dimensions?: number;
}

/** About a tenth of a second's work with chunks of a page. */
const MAX_BATCH = 128;
const MAX_DIMENSIONS = 65_536;

/**
 * Embeds without a model: signed feature hashing of words, word pairs and character n-grams. The same text gives the
 * same vector in every process and on every platform. Such vectors know spelling, not meaning.
 *
 * @throws PackhouseError `invalid_request` for dimensions out of range
 */
export function hashed({ dimensions = 384 }: HashedOptions = {}): Embedder {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new PackhouseError('invalid_request', `dimensions must be 1 to ${MAX_DIMENSIONS}.`, { param: 'dimensions' });
  }
  return {
    // The number is the scheme's: another choice of features, hash or weights must count it up.
    model: `hashed-v1-${dimensions}`,
    dimensions,
    maxBatch: MAX_BATCH,
    learned: false,
    languages: ['*'],
    async embed(texts, _kind, signal) {
      checkBatch(texts, MAX_BATCH, signal);
      return texts.map((text) => toUnitLength(hashedVector(text, dimensions)));
    },
  };
}

/**
 * Weinberger et al., ICML 2009 (https://arxiv.org/abs/0902.2206): one bit of a feature's hash is its sign, the others
 * its place, so that what collides cancels on average. The square root keeps common words from drowning the rest.
 */
function hashedVector(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const [hash, count] of textFeatures(text)) {
    const place = Math.floor(((hash >>> 1) * dimensions) / 2 ** 31);
    vector[place] = (vector[place] as number) + (hash & 1 ? Math.sqrt(count) : -Math.sqrt(count));
  }
  return vector;
}
