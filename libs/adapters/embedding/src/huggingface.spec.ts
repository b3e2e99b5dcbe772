import { describeEmbedder } from '@packhouse/core/testing';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { huggingface } from './huggingface.js';
import { writeTinyModel, type TinyModel } from './testing/tiny-model.js';
import { toUnitLength } from './unit-length.js';

let modelDir: string;
let tiny: TinyModel;

beforeAll(async () => {
  modelDir = await mkdtemp(join(tmpdir(), 'models-'));
  tiny = await writeTinyModel(join(modelDir, 'tiny'));
  await writeTinyModel(join(modelDir, 'Xenova', 'bge-small-en-v1.5'), 'model_quantized.onnx');
});
afterAll(() => rm(modelDir, { recursive: true }));

const load = () => huggingface({ modelDir, model: 'tiny' });

/** What the model must make of these tokens, worked out without it. */
function meanOf(...tokens: string[]): Float32Array {
  const vectors = ['[CLS]', ...tokens, '[SEP]'].map((token) => tiny.vectorOf(token));
  const sum = (at: number) => vectors.reduce((total, vector) => total + (vector[at] as number), 0);
  return toUnitLength(Float32Array.from({ length: tiny.dimensions }, (_, at) => sum(at) / vectors.length));
}

function expectSame(actual: Float32Array | undefined, expected: Float32Array | undefined): void {
  expect(actual).toHaveLength(tiny.dimensions);
  actual?.forEach((value, at) => expect(value).toBeCloseTo(expected?.[at] ?? NaN, 5));
}

describeEmbedder('huggingface', load);

describe('huggingface', () => {
  it('says what the loaded model is', async () => {
    expect(await load()).toMatchObject({ model: 'tiny#fp32-mean', dimensions: tiny.dimensions, learned: true });
  });

  it('averages the tokens of each text, not its padding', async () => {
    const [short, long] = await (await load()).embed(['ab', 'a b c 1 2 3'], 'document');
    expectSame(short, meanOf('a', '##b'));
    expectSame(long, meanOf('a', 'b', 'c', '1', '2', '3'));
  });

  it('takes the first token alone where pooling is cls', async () => {
    const embedder = await huggingface({ modelDir, model: 'tiny', pooling: 'cls' });
    const [vector] = await embedder.embed(['a b'], 'document');
    expect(embedder.model).toBe('tiny#fp32-cls');
    expectSame(vector, toUnitLength(tiny.vectorOf('[CLS]')));
  });

  it("lets the model's own folder say the pooling", async () => {
    const folder = join(modelDir, 'says-cls');
    await writeTinyModel(folder);
    await mkdir(join(folder, '1_Pooling'));
    await writeFile(join(folder, '1_Pooling', 'config.json'), '{"pooling_mode_cls_token":true}');
    expect(await huggingface({ modelDir, model: 'says-cls' })).toMatchObject({ model: 'says-cls#fp32-cls' });
    await writeFile(join(folder, '1_Pooling', 'config.json'), '{"pooling_mode_max_tokens":true}');
    await expect(huggingface({ modelDir, model: 'says-cls' })).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('puts the prefix before questions only', async () => {
    const embedder = await huggingface({ modelDir, model: 'tiny', queryPrefix: 'q: ' });
    expectSame((await embedder.embed(['a'], 'query'))[0], meanOf('q', ':', 'a'));
    expectSame((await embedder.embed(['a'], 'document'))[0], meanOf('a'));
  });

  it('knows how a BGE model pools and what its questions begin with, and takes the weights that are there', async () => {
    const plain = await huggingface({ modelDir });
    const mean = await huggingface({ modelDir, pooling: 'mean' });
    const spelt = await huggingface({ modelDir, pooling: 'mean', queryPrefix: '' });
    expect(plain).toMatchObject({ model: 'Xenova/bge-small-en-v1.5#q8-cls', languages: ['en'] });
    const [asked] = await mean.embed(['a'], 'query');
    expectSame(asked, (await spelt.embed(['Represent this sentence for searching relevant passages: a'], 'query'))[0]);
  });

  it('cuts a text at the longest input that the model reads, and ends it as the model expects', async () => {
    const letters = Array<string>(tiny.maxTokens - 2).fill('a');
    const [cut, fits, short] = await (
      await load()
    ).embed([[...letters, 'b', 'c'].join(' '), letters.join(' '), 'a'], 'document');
    expectSame(cut, meanOf(...letters));
    expectSame(fits, meanOf(...letters));
    expectSame(short, meanOf('a'));
  });

  it('takes a model directory that is the model, under its own name', async () => {
    const folder = join(modelDir, 'tiny');
    expect(await huggingface({ modelDir: folder })).toMatchObject({ model: 'tiny#fp32-mean' });
    expect(await huggingface({ modelDir: folder, model: 'mine' })).toMatchObject({ model: 'mine#fp32-mean' });
  });

  it('says where to put a model that is missing', async () => {
    await expect(huggingface({ modelDir, model: 'absent' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('MODEL_DIR'),
    });
  });

  it('says so where a model has no weights, or damaged ones', async () => {
    const folder = join(modelDir, 'damaged');
    await writeTinyModel(folder, 'no-weights.onnx');
    await expect(huggingface({ modelDir: folder })).rejects.toMatchObject({ code: 'unavailable' });
    await writeFile(join(folder, 'onnx', 'model.onnx'), 'not a model');
    await expect(huggingface({ modelDir: folder })).rejects.toMatchObject({ code: 'unavailable', retryable: false });
  });

  it('never asks the network with a model directory, and says what to do where it must and there is none', async () => {
    const fetch = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
    await load();
    await expect(huggingface({ modelDir, model: 'absent' })).rejects.toMatchObject({ code: 'unavailable' });
    await expect(huggingface({ modelDir, model: 'damaged' })).rejects.toMatchObject({ code: 'unavailable' });
    expect(fetch).not.toHaveBeenCalled();
    await expect(huggingface({ model: 'nobody/no-model' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('MODEL_DIR'),
      retryable: true,
    });
    expect(fetch).toHaveBeenCalled();
    fetch.mockRestore();
  });

  it('forgets the answer to a caller that went while it was computed', async () => {
    const embedder = await load();
    const caller = new AbortController();
    const vectors = embedder.embed(['a'], 'document', caller.signal);
    caller.abort();
    await expect(vectors).rejects.toMatchObject({ code: 'aborted' });
  });
});
