import { HYBRID_WEIGHTS, tenantId, type Embedder, type Hit, type TenantStore } from '@packhouse/core';
import { chunkStore } from '@packhouse/postgres';
import { openPglite } from '@packhouse/postgres/pglite';
import type { Collection } from './collection.js';
import { ndcg, recall } from './ndcg.js';

export interface StoreScore {
  readonly search: string;
  readonly ndcg10: number;
  readonly recall10: number;
}

interface Options {
  /** BCP 47, of the documents. */
  readonly language: string;
  readonly embedder?: Embedder | undefined;
}

const LIMIT = 50;

/**
 * Scores the chunk store by itself, on PGlite in memory: each document is one chunk, each judged question is put as it stands,
 * to `matching` and, with a model, to `nearest` and `hybrid`.
 */
export async function storeScores(collection: Collection, { language, embedder }: Options): Promise<StoreScore[]> {
  const { db, close } = await openPglite();
  try {
    const store = chunkStore(db).forTenant(tenantId('evaluation'));
    await fill(store, collection, language, embedder);
    const byWords = (text: string) => store.matching(text, { limit: LIMIT });
    if (!embedder) return [await scored('matching', collection, byWords)];
    const { model } = embedder;
    const embed = async (text: string) => ({
      model,
      vector: (await embedder.embed([text], 'query'))[0] as Float32Array,
    });
    const searches = {
      matching: byWords,
      nearest: async (text: string) => store.nearest(await embed(text), { limit: LIMIT }),
      hybrid: async (text: string) =>
        store.hybrid({ text, embedding: await embed(text), weights: HYBRID_WEIGHTS }, { limit: LIMIT }),
    };
    const scores: StoreScore[] = [];
    for (const [name, search] of Object.entries(searches)) scores.push(await scored(name, collection, search));
    return scores;
  } finally {
    await close();
  }
}

/** Without a model every chunk has the same vector, which nothing asks for. */
async function fill(store: TenantStore, { documents }: Collection, language: string, embedder?: Embedder) {
  const batch = embedder?.maxBatch ?? 500;
  for (let start = 0; start < documents.length; start += batch) {
    const some = documents.slice(start, start + batch);
    const texts = some.map(({ text }) => text);
    const vectors = embedder ? await embedder.embed(texts, 'document') : texts.map(() => Float32Array.of(1));
    const document = { collection: 'evaluation', documentId: `from ${start}`, language };
    const chunks = some.map(({ id, text }, ordinal) => ({
      ...{ id, collection: document.collection, documentId: document.documentId, ordinal, text },
      ...{ span: { start: 0, end: text.length }, pages: [], source: id, attributes: {} },
      embedding: { model: embedder?.model ?? 'none', vector: vectors[ordinal] as Float32Array },
    }));
    await store.replaceDocument(document, chunks);
  }
}

async function scored(
  name: string,
  { queries, judgements }: Collection,
  search: (text: string) => Promise<Hit[]>,
): Promise<StoreScore> {
  let ndcgs = 0;
  let recalls = 0;
  for (const { id, text } of queries) {
    const ranking = (await search(text)).map(({ chunk }) => chunk.id);
    const judged = judgements.get(id) as ReadonlyMap<string, number>;
    ndcgs += ndcg(ranking, judged);
    recalls += recall(ranking, judged);
  }
  return { search: name, ndcg10: ndcgs / queries.length, recall10: recalls / queries.length };
}
