import { throwIfAborted, type Embedder } from '@packhouse/core';
import { checkBatch } from './check-batch.js';
import { featureExtractor, type FeatureExtractor, type ModelSource } from './feature-extractor.js';
import { DEFAULT_MODEL, modelFamily } from './model-family.js';
import { modelFolder } from './model-folder.js';
import { pool, type Pooling } from './pooling.js';
import { toUnitLength } from './unit-length.js';
import type { Dtype } from './weights.js';

export type { Dtype, Pooling };

export interface HuggingFaceOptions {
  /** A model with ONNX weights: its name on the Hub, or in `modelDir`. @default 'Xenova/bge-small-en-v1.5' */
  model?: string;
  /** A folder of models by name, or one model's own; then nothing is ever downloaded. Without it, the Hub. */
  modelDir?: string;
  /** Precision of the weights. @default the best there is in `modelDir`; from the Hub `fp32` */
  dtype?: Dtype;
  /** @default what the model's folder says, else what its family takes: `cls` for BGE, `mean` for all others */
  pooling?: Pooling;
  /** Goes before every question, never before a document. @default what the model's family was trained with */
  queryPrefix?: string;
  /** Most texts a call; the process does nothing else meanwhile. @default 16 */
  maxBatch?: number;
}

/**
 * Loads a model that runs in this process. Texts longer than the model reads are cut.
 *
 * @throws PackhouseError `unavailable` for a model that is not there or does not load, `timeout`, `unsupported`
 */
export async function huggingface(options: HuggingFaceOptions = {}): Promise<Embedder> {
  const { maxBatch = 16 } = options;
  const { name, pooling, source } = await found(options);
  const family = modelFamily(name);
  const { queryPrefix = family.queryPrefix } = options;
  const vectorsOf = pooled(await featureExtractor(source), pooling);
  const dimensions = await dimensionsOf(vectorsOf);
  return {
    // Other weights or another pooling are another space.
    model: `${name}#${source.dtype}-${pooling}`,
    dimensions,
    maxBatch,
    learned: true,
    languages: family.languages,
    async embed(texts, kind, signal) {
      checkBatch(texts, maxBatch, signal);
      const prefix = kind === 'query' ? queryPrefix : '';
      const vectors = await vectorsOf(texts.filter(hasText).map((text) => prefix + text));
      throwIfAborted(signal);
      return texts.map((text) => (hasText(text) ? vectors.shift() : undefined) ?? new Float32Array(dimensions));
    },
  };
}

interface Found {
  readonly name: string;
  readonly pooling: Pooling;
  readonly source: ModelSource;
}

async function found({ model, modelDir, dtype, pooling }: HuggingFaceOptions): Promise<Found> {
  if (modelDir === undefined) {
    const name = model ?? DEFAULT_MODEL;
    const source = { from: name, dtype: dtype ?? 'fp32', local: false };
    return { name, pooling: pooling ?? modelFamily(name).pooling, source };
  }
  const folder = await modelFolder(modelDir, model);
  return {
    name: folder.name,
    pooling: pooling ?? folder.pooling ?? modelFamily(folder.name).pooling,
    source: { from: folder.path, dtype: dtype ?? folder.dtype, local: true },
  };
}

type VectorsOf = (texts: readonly string[]) => Promise<Float32Array[]>;

function pooled(extract: FeatureExtractor, pooling: Pooling): VectorsOf {
  return async (texts) => (texts.length === 0 ? [] : pool(await extract(texts), pooling).map(toUnitLength));
}

/** Asked of the model: its config.json names the width inside, which a last layer may change. */
async function dimensionsOf(vectorsOf: VectorsOf): Promise<number> {
  const [vector] = await vectorsOf(['dimensions']);
  return (vector as Float32Array).length;
}

/** Without text a model would still make a vector, of its special tokens. */
const hasText = (text: string): boolean => text.trim() !== '';
