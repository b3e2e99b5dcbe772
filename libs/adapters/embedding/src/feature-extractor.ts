import { HuggingFaceEmbedding } from '@llamaindex/huggingface';
import { PackhouseError } from '@packhouse/core';
import type { TokenVectors } from './pooling.js';
import type { Dtype } from './weights.js';

/** A loaded model: texts in, one vector a token out. */
export type FeatureExtractor = (texts: readonly string[]) => Promise<TokenVectors>;

export interface ModelSource {
  /** A name on the Hub, or the absolute path of a folder. */
  readonly from: string;
  readonly dtype: Dtype;
  /** Never asks the network. */
  readonly local: boolean;
}

type Pipeline = Awaited<ReturnType<HuggingFaceEmbedding['getExtractor']>>;
type Tokenizer = Pipeline['tokenizer'];

interface Tensor<Data, Dims> {
  readonly dims: Dims;
  readonly data: Data;
}
type Tokens = Record<'input_ids' | 'attention_mask', Tensor<BigInt64Array, [batch: number, tokens: number]>>;
type Outputs = Record<string, Tensor<Float32Array, [batch: number, tokens: number, dimensions: number]> | undefined>;

/** A download of a small model over a slow line; a model on disk takes a second. */
const LOAD_TIMEOUT_MS = 600_000;

/** In tokens, for a model that names no limit: attention takes memory by the square of it. */
const LONGEST_INPUT = 8192;

/** Loads a model. @throws PackhouseError `unavailable`, `timeout` */
export async function featureExtractor({ from, dtype, local }: ModelSource): Promise<FeatureExtractor> {
  // The library's `env` (model path, remote models allowed or not) is one for the whole process and stays as it is: an
  // absolute path and local_files_only say the same for this model alone.
  const loader = new HuggingFaceEmbedding({ modelType: from, modelOptions: { dtype, local_files_only: local } });
  const pipeline = await inTime(loader.getExtractor(), from).catch((cause: unknown) => {
    throw PackhouseError.isInstance(cause) ? cause : notLoaded(from, local, cause);
  });
  return (texts) => tokenVectors(pipeline, texts);
}

async function inTime<T>(loading: Promise<T>, from: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(from)), LOAD_TIMEOUT_MS);
  });
  return Promise.race([loading, deadline]).finally(() => clearTimeout(timer));
}

function tooSlow(from: string): PackhouseError {
  const message = `The model ${from} did not load in ${LOAD_TIMEOUT_MS / 60_000} minutes: get its files and set MODEL_DIR.`;
  return new PackhouseError('timeout', message, { retryable: true });
}

function notLoaded(from: string, local: boolean, cause: unknown): PackhouseError {
  const mend = local
    ? `its files are incomplete or damaged: get them again.`
    : `without the network, set MODEL_DIR to a folder that holds it.`;
  return new PackhouseError('unavailable', `The model ${from} could not be loaded; ${mend}`, {
    cause,
    retryable: !local,
  });
}

/** Not the pipeline's own call: it keeps the attention mask to itself, and pooling needs it. */
async function tokenVectors({ tokenizer, model }: Pipeline, texts: readonly string[]): Promise<TokenVectors> {
  const limit = longestInput(tokenizer, model);
  const inputs = (await tokenizer([...texts], { padding: true, truncation: true, max_length: limit })) as Tokens;
  endCutTexts(inputs, tokenizer, limit);
  const outputs = (await model(inputs)) as Outputs;
  const hidden = outputs.last_hidden_state ?? outputs.token_embeddings;
  if (!hidden) throw new PackhouseError('unsupported', 'The model has no last_hidden_state: it does not embed text.');
  const [batch, tokens, dimensions] = hidden.dims;
  return { batch, tokens, dimensions, values: hidden.data, mask: inputs.attention_mask.data };
}

/** A tokenizer's own limit may be missing, or a placeholder far beyond the positions that the model knows. */
function longestInput(tokenizer: Tokenizer, model: Pipeline['model']): number {
  const { max_position_embeddings: positions } = model.config as { max_position_embeddings?: unknown };
  const limits: unknown[] = [tokenizer.model_max_length, positions, LONGEST_INPUT];
  return Math.min(...limits.filter((limit) => typeof limit === 'number'));
}

/** The library cuts the closing token off with the rest; the models were trained on texts that end in it. */
function endCutTexts({ input_ids, attention_mask }: Tokens, tokenizer: Tokenizer, limit: number): void {
  const [batch, tokens] = input_ids.dims;
  const end = tokenizer.encode('a').at(-1);
  if (tokens < limit || end === undefined || !tokenizer.all_special_ids.includes(end)) return;
  const last = Array.from({ length: batch }, (_, row) => (row + 1) * tokens - 1);
  const isText = (place: number) => attention_mask.data[place] === 1n;
  for (const place of last.filter(isText)) input_ids.data[place] = BigInt(end);
}
