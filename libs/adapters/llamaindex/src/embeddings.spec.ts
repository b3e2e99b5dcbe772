import { dense, tenantId } from '@packhouse/core';
import { chunk, describeEmbedder, fillStore, memoryChunkStore, wordEmbedder } from '@packhouse/core/testing';
import { BaseEmbedding, Document, IngestionPipeline, MetadataMode, type MessageContentDetail } from 'llamaindex';
import { fromLlamaIndexEmbedding } from './from-embedding.js';
import { toLlamaIndexEmbedding } from './to-embedding.js';

/** An embedding model of LlamaIndex: counts of the letters a, b and c, questions with a mark. Not of length 1. */
class LettersEmbedding extends BaseEmbedding {
  asked: string[] = [];

  constructor() {
    super();
  }

  override async getTextEmbedding(text: string) {
    this.asked.push(text);
    return ['a', 'b', 'c', '?'].map((letter) => text.split(letter).length - 1 + 0.5);
  }

  override getQueryEmbedding(query: MessageContentDetail) {
    return this.getTextEmbedding(`?${query.type === 'text' ? query.text : ''}`);
  }
}

const letters = { model: 'letters', dimensions: 4 };

describeEmbedder('an embedder of ours, through LlamaIndex and back', () =>
  fromLlamaIndexEmbedding(toLlamaIndexEmbedding(wordEmbedder()), { model: 'words-64', dimensions: 64, learned: false }),
);

describe('fromLlamaIndexEmbedding', () => {
  it('brings a LlamaIndex model into a leaf of ours', async () => {
    const embedder = fromLlamaIndexEmbedding(new LettersEmbedding(), letters);
    const store = memoryChunkStore().forTenant(tenantId('acme'));
    await fillStore(
      store,
      ['aaaa', 'bbbb', 'cccc'].map((text) => chunk({ id: text, text })),
      embedder,
    );
    const [best] = await dense(store, embedder).retrieve({ text: 'bb', limit: 1 });
    expect(best).toMatchObject({ chunk: { id: 'bbbb' } });
  });

  it('asks for questions as questions and sends no blank texts', async () => {
    const model = new LettersEmbedding();
    const embedder = fromLlamaIndexEmbedding(model, letters);
    await embedder.embed(['a', ' ', 'b'], 'query');
    await embedder.embed(['', 'c'], 'document');
    expect(model.asked).toEqual(['?a', '?b', 'c']);
    expect(embedder).toMatchObject({ maxBatch: 10, learned: true });
  });

  it('refuses vectors of another length, too few of them, or none', async () => {
    const model = {
      embedBatchSize: 10,
      getQueryEmbedding: async () => null,
      getTextEmbeddings: async () => [[1, 2, 3, 4]],
    };
    await expect(
      fromLlamaIndexEmbedding(model, { ...letters, dimensions: 3 }).embed(['a'], 'document'),
    ).rejects.toMatchObject({
      code: 'dimension_mismatch',
    });
    await expect(fromLlamaIndexEmbedding(model, letters).embed(['a', 'b'], 'document')).rejects.toMatchObject({
      code: 'provider_failed',
    });
    await expect(fromLlamaIndexEmbedding(model, letters).embed(['a'], 'query')).rejects.toMatchObject({
      code: 'dimension_mismatch',
    });
  });

  it('tells a caller that goes at once', async () => {
    const never = () => new Promise<never>(() => {});
    const model = { embedBatchSize: 10, getQueryEmbedding: never, getTextEmbeddings: never };
    const caller = new AbortController();
    const vectors = fromLlamaIndexEmbedding(model, letters).embed(['a'], 'document', caller.signal);
    caller.abort();
    await expect(vectors).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('toLlamaIndexEmbedding', () => {
  const texts = Array.from({ length: 40 }, (_, index) => `text number ${index}`);

  it('embeds nodes in an IngestionPipeline', async () => {
    const embedder = wordEmbedder();
    const pipeline = new IngestionPipeline({ transformations: [toLlamaIndexEmbedding(embedder)] });
    const nodes = await pipeline.run({ documents: texts.map((text) => new Document({ text })) });
    expect(nodes.map((node) => node.getContent(MetadataMode.NONE))).toEqual(texts);
    const [vector] = await embedder.embed([texts[39] as string], 'document');
    expect(nodes[39]?.getEmbedding()).toEqual(Array.from(vector as Float32Array));
  });

  it('batches by what the embedder takes, and keeps questions apart', async () => {
    const calls: [number, string][] = [];
    const inner = wordEmbedder();
    const embedding = toLlamaIndexEmbedding({
      ...inner,
      embed: (batch, kind, signal) => (calls.push([batch.length, kind]), inner.embed(batch, kind, signal)),
    });
    expect(await embedding.getTextEmbeddings(texts)).toHaveLength(40);
    expect(await embedding.getTextEmbeddingsBatch(texts)).toHaveLength(40);
    expect(await embedding.getQueryEmbedding({ type: 'text', text: 'x' })).toHaveLength(64);
    expect(await embedding.getQueryEmbedding({ type: 'text', text: '' })).toBeNull();
    expect(calls.map(([size]) => size)).toEqual([16, 16, 8, 16, 16, 8, 1]);
    expect(calls.at(-1)).toEqual([1, 'query']);
    expect(embedding.embedInfo).toEqual({ dimensions: 64 });
  });
});
