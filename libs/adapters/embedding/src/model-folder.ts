import { PackhouseError } from '@packhouse/core';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { DEFAULT_MODEL } from './model-family.js';
import type { Pooling } from './pooling.js';
import { bestDtype, type Dtype } from './weights.js';

/** A model on this machine. */
export interface ModelFolder {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly dtype: Dtype;
  /** As the model's authors say, where the folder holds their word. */
  readonly pooling: Pooling | undefined;
}

/**
 * Finds a model by name in a folder of models, or takes the folder itself if that is a model. Its name is the one asked
 * for; where none was, a folder that is a model has its own, since the default's would be another model's.
 *
 * @throws PackhouseError `unavailable` where there is none
 */
export async function modelFolder(modelDir: string, model: string | undefined): Promise<ModelFolder> {
  const root = resolve(modelDir);
  const { name = DEFAULT_MODEL, path } =
    [
      { name: model, path: join(root, model ?? DEFAULT_MODEL) },
      { name: model ?? basename(root), path: root },
    ].find(isModel) ?? refuse(root, model);
  return { name, path, dtype: await dtypeIn(path), pooling: await poolingIn(path) };
}

const isModel = ({ path }: { path: string }): boolean => existsSync(join(path, 'config.json'));

function refuse(root: string, model = DEFAULT_MODEL): never {
  throw new PackhouseError(
    'unavailable',
    `There is no model ${model} in ${root}: put its folder there (config.json, tokenizer.json, tokenizer_config.json, ` +
      `onnx/), or point MODEL_DIR at the folder that holds it.`,
  );
}

async function dtypeIn(path: string): Promise<Dtype> {
  const files = await readdir(join(path, 'onnx')).catch(() => []);
  const dtype = bestDtype(files);
  if (dtype) return dtype;
  throw new PackhouseError(
    'unavailable',
    `The model in ${path} has no weights: onnx/model.onnx or onnx/model_quantized.onnx is missing.`,
  );
}

/** Sentence-transformers keeps a model's pooling in this file. */
async function poolingIn(path: string): Promise<Pooling | undefined> {
  const file = join(path, '1_Pooling', 'config.json');
  if (!existsSync(file)) return undefined;
  const modes = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  if (modes.pooling_mode_cls_token === true) return 'cls';
  if (modes.pooling_mode_mean_tokens === true) return 'mean';
  throw new PackhouseError(
    'unsupported',
    `${file} asks for a pooling that is neither cls nor mean: use another model.`,
  );
}
