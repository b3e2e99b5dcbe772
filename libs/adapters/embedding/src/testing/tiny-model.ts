import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gatherModel } from './onnx.js';

/** A model small enough to make in a test, in the files and formats of a real one. */
export interface TinyModel {
  readonly dimensions: number;
  /** The longest input, in tokens, `[CLS]` and `[SEP]` among them. */
  readonly maxTokens: number;
  /** The vector of a token: the model knows no other thing. */
  vectorOf(token: string): Float32Array;
}

const DIMENSIONS = 8;
const MAX_TOKENS = 16;
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
const SIGNS = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
const VOCABULARY = [...SPECIAL, '.', ':', ...SIGNS, ...SIGNS.map((sign) => `##${sign}`)];

/** Writes a BERT-like model into a folder: WordPiece over single letters, one vector a token, ONNX weights. */
export async function writeTinyModel(folder: string, weights = 'model.onnx'): Promise<TinyModel> {
  const table = VOCABULARY.map((_, id) => tokenVector(id));
  await write(folder, 'config.json', { model_type: 'bert', max_position_embeddings: MAX_TOKENS });
  await write(folder, 'tokenizer_config.json', TOKENIZER_CONFIG);
  await write(folder, 'tokenizer.json', TOKENIZER);
  await write(folder, join('onnx', weights), gatherModel(table));
  return {
    dimensions: DIMENSIONS,
    maxTokens: MAX_TOKENS,
    vectorOf: (token) => table[VOCABULARY.indexOf(token)] as Float32Array,
  };
}

async function write(folder: string, name: string, content: object): Promise<void> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, Buffer.isBuffer(content) ? content : JSON.stringify(content));
}

/** Any numbers do that differ between tokens; padding's are large, so that counting it in would show. */
function tokenVector(id: number): Float32Array {
  const scale = id === 0 ? 100 : 1;
  return Float32Array.from({ length: DIMENSIONS }, (_, at) => scale * Math.sin(1 + id * DIMENSIONS + at * at));
}

const TOKENIZER_CONFIG = {
  tokenizer_class: 'BertTokenizer',
  pad_token: '[PAD]',
  unk_token: '[UNK]',
  cls_token: '[CLS]',
  sep_token: '[SEP]',
};

const special = (token: string) => ({ SpecialToken: { id: token, type_id: 0 } });
const specialToken = (id: string) => [id, { id, ids: [VOCABULARY.indexOf(id)], tokens: [id] }];

const TOKENIZER = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: SPECIAL.map((content, id) => ({ id, content, special: true, normalized: false })),
  normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
    pair: [],
    special_tokens: Object.fromEntries(['[CLS]', '[SEP]'].map(specialToken)),
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(VOCABULARY.map((token, id) => [token, id])),
  },
};
