import { toFile, type OpenAI } from 'openai';
import type { Collection } from './collection.js';
import { ndcg, recall } from './ndcg.js';

/** Files under way at once. */
const CONCURRENCY = 4;

export interface Scores {
  readonly documents: number;
  readonly queries: number;
  readonly ndcg10: number;
  readonly recall10: number;
}

type Progress = (done: number, all: number) => void;

/** Uploads every document as a file of its own to a new vector store and returns the store once all are searchable. */
export async function ingest(api: OpenAI, { documents }: Collection, progress: Progress): Promise<string> {
  const store = await api.vectorStores.create({ name: 'evaluation' });
  let done = 0;
  await inLanes(documents, async ({ id, text }) => {
    const file = await toFile(Buffer.from(text), `${encodeURIComponent(id)}.txt`);
    const { status, last_error } = await api.vectorStores.files.uploadAndPoll(store.id, file, { pollIntervalMs: 100 });
    if (status !== 'completed') throw new Error(`${id} ended ${status}: ${last_error?.message}`);
    progress(++done, documents.length);
  });
  return store.id;
}

/** Asks every judged query, and scores files by their best passage. */
export async function score(api: OpenAI, store: string, collection: Collection): Promise<Scores> {
  const { documents, queries, judgements } = collection;
  let ndcgs = 0;
  let recalls = 0;
  await inLanes(queries, async ({ id, text }) => {
    const { data } = await api.vectorStores.search(store, { query: text, max_num_results: 50 });
    const ranking = [...new Set(data.map(({ filename }) => decodeURIComponent(filename.slice(0, -'.txt'.length))))];
    const judged = judgements.get(id) as ReadonlyMap<string, number>;
    ndcgs += ndcg(ranking, judged);
    recalls += recall(ranking, judged);
  });
  const mean = (sum: number) => sum / queries.length;
  return { documents: documents.length, queries: queries.length, ndcg10: mean(ndcgs), recall10: mean(recalls) };
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const lane = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
}
