import type { Pooling } from './pooling.js';

/** BAAI's bge-small-en-v1.5 with ONNX weights: 384 dimensions, 512 tokens, English. */
export const DEFAULT_MODEL = 'Xenova/bge-small-en-v1.5';

/** What a family of models was trained with; a model's own folder may say more. */
export interface ModelFamily {
  readonly pooling: Pooling;
  readonly queryPrefix: string;
  /** BCP 47 tags, `*` for any. */
  readonly languages: readonly string[];
}

// https://github.com/FlagOpen/FlagEmbedding: the v1.5 models' instruction for questions; documents take none.
const BGE_ENGLISH = 'Represent this sentence for searching relevant passages: ';
const BGE_CHINESE = '为这个句子生成表示以用于检索相关文章：';

const FAMILIES: readonly (ModelFamily & { readonly names: RegExp })[] = [
  { names: /\bbge-(small|base|large)-en\b/i, pooling: 'cls', queryPrefix: BGE_ENGLISH, languages: ['en'] },
  { names: /\bbge-(small|base|large)-zh\b/i, pooling: 'cls', queryPrefix: BGE_CHINESE, languages: ['zh'] },
  { names: /\bbge-/i, pooling: 'cls', queryPrefix: '', languages: ['*'] },
  { names: /multilingual|labse/i, pooling: 'mean', queryPrefix: '', languages: ['*'] },
];

/** What most sentence-transformers models are, unless their name says more. */
const USUAL: ModelFamily = { pooling: 'mean', queryPrefix: '', languages: ['en'] };

export const modelFamily = (name: string): ModelFamily => FAMILIES.find(({ names }) => names.test(name)) ?? USUAL;
