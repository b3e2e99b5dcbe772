import type { Chunk, Hit } from '../passage.js';
import type { TenantStore } from '../ports/chunk-store.js';
import type { Embedder } from '../ports/embedder.js';
import type { Reranker } from '../ports/reranker.js';
import { tenantId } from '../tenant.js';
import { chunk } from '../testing/fakes/chunk.js';
import { fillStore } from '../testing/fakes/fill-store.js';
import { listRetriever } from '../testing/fakes/list-retriever.js';
import { memoryChunkStore } from '../testing/fakes/memory-chunk-store.js';
import { wordEmbedder } from '../testing/fakes/word-embedder.js';
import { describeRetriever } from '../testing/retriever-contract.js';
import { dense } from './dense.js';
import { hybrid } from './hybrid.js';
import { lexical } from './lexical.js';
import { reranked } from './reranked.js';

const embedder = wordEmbedder();

async function filled(chunks: readonly Chunk[]): Promise<TenantStore> {
  const store = memoryChunkStore().forTenant(tenantId('acme'));
  await fillStore(store, chunks, embedder);
  return store;
}

/** A reranker to which greater is what `relevance` says. */
function reranker(relevance: (text: string) => number, maxBatch = 3): Reranker & { readonly batches: number[] } {
  const batches: number[] = [];
  return {
    model: 'relevance',
    maxBatch,
    batches,
    async score(_question, texts) {
      batches.push(texts.length);
      return texts.map(relevance);
    },
  };
}

describeRetriever('dense', async (chunks) => dense(await filled(chunks), embedder));
describeRetriever('lexical', async (chunks) => lexical(await filled(chunks)));
describeRetriever('hybrid', async (chunks) => hybrid(await filled(chunks), embedder));
describeRetriever('reranked', async (chunks) =>
  reranked(
    lexical(await filled(chunks)),
    reranker((text) => 1 / text.length),
  ),
);
describeRetriever('a list', (chunks) =>
  listRetriever(
    'list',
    chunks.map((each, rank) => ({ chunk: each, score: 1 / (rank + 1) })),
  ),
);

describe('dense and hybrid', () => {
  it('embed the question as a question', async () => {
    const kinds: string[] = [];
    const recording: Embedder = {
      ...embedder,
      embed: (texts, kind) => (kinds.push(kind), embedder.embed(texts, kind)),
    };
    const store = await filled([chunk()]);
    await dense(store, recording).retrieve({ text: 'text', limit: 1 });
    await hybrid(store, recording).retrieve({ text: 'text', limit: 1 });
    expect(kinds).toEqual(['query', 'query']);
  });

  it('blame the embedder that returns nothing', async () => {
    const mute: Embedder = { ...embedder, embed: async () => [] };
    const retrieve = dense(await filled([chunk()]), mute).retrieve({ text: 'text', limit: 1 });
    await expect(retrieve).rejects.toMatchObject({ code: 'provider_failed' });
  });
});

describe('lexical and hybrid', () => {
  it('refuse at once a store that cannot', async () => {
    const { matching: _m, hybrid: _h, ...store } = await filled([chunk()]);
    const refusal = expect.objectContaining({ code: 'unsupported' });
    expect(() => lexical(store)).toThrow(refusal);
    expect(() => hybrid(store, embedder)).toThrow(refusal);
  });

  it('keep the store they were given as `this`', async () => {
    const store = await filled([chunk({ text: 'refund' })]);
    const search = async function (this: TenantStore): Promise<Hit[]> {
      return this.nearest({ model: embedder.model, vector: new Float32Array(64) }, { limit: 1 });
    };
    const usesThis = { ...store, matching: search, hybrid: search };
    expect(await lexical(usesThis).retrieve({ text: 'refund', limit: 1 })).toHaveLength(1);
    expect(await hybrid(usesThis, embedder).retrieve({ text: 'refund', limit: 1 })).toHaveLength(1);
  });
});

describe('reranked', () => {
  const hits = ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff'].map((text) => ({ chunk: chunk({ text }), score: 1 }));
  const found = listRetriever('six', hits);

  it('lets the reranker see more than is asked for, in batches of its size', async () => {
    const longest = reranker((text) => text.length, 3);
    const best = await reranked(found, longest).retrieve({ text: 'q', limit: 1 });
    expect(best).toEqual([{ chunk: hits[3]?.chunk, score: 4 }]);
    expect(longest.batches).toEqual([3, 1]);
  });

  it('keeps the order of what the reranker holds equal', async () => {
    const indifferent = reranker(() => 0.5);
    const order = await reranked(found, indifferent).retrieve({ text: 'q', limit: 6 });
    expect(order.map((hit) => hit.chunk.text)).toEqual(hits.map((hit) => hit.chunk.text));
  });

  it('blames the reranker that leaves texts out', async () => {
    const lazy: Reranker = { model: 'lazy', maxBatch: 10, score: async () => [1] };
    const retrieve = reranked(found, lazy).retrieve({ text: 'q', limit: 3 });
    await expect(retrieve).rejects.toMatchObject({ code: 'provider_failed' });
  });
});
