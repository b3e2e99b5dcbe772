import { HYBRID_WEIGHTS, tenantId, type Hit, type NewChunk } from '@packhouse/core';
import { chunkStore, maintain, openPostgres, prepareDatabase, type PostgresChunkStore } from '@packhouse/postgres';
import type { BenchDocument } from '../corpus/corpus.js';
import { CALLERS, type SystemKind } from './system.js';

/** Where its chunks belong, and the name that their vectors go by. */
export interface Shelf {
  readonly collection: string;
  readonly model: string;
}

const SHELF: Shelf = { collection: 'bench', model: 'bench-384' };

/** Ours, as an application opens it: the role that row-level security binds. */
export const packhouse: SystemKind = {
  name: 'packhouse',
  async open(url) {
    const app = await openPostgres({
      url: await prepareDatabase({ adminUrl: url, appPassword: 'bench' }),
      max: CALLERS,
    });
    const store = chunkStore(app.db);
    const put = (document: BenchDocument) => shelve(store, SHELF, document);
    return {
      name: 'packhouse',
      ingest: put,
      replace: put,
      dense: async (tenant, vector, limit) =>
        ids(await store.forTenant(tenantId(tenant)).nearest({ model: SHELF.model, vector }, { limit })),
      async hybrid(tenant, text, vector, limit) {
        const question = { text, embedding: { model: SHELF.model, vector }, weights: HYBRID_WEIGHTS };
        return ids(await store.forTenant(tenantId(tenant)).hybrid(question, { limit }));
      },
      async index() {
        for await (const { target, error } of maintain({ url })) {
          if (error) throw new Error(`packhouse maintain failed at ${target}`, { cause: error });
        }
      },
      close: () => app.close(),
    };
  },
};

export async function shelve(store: PostgresChunkStore, shelf: Shelf, document: BenchDocument): Promise<void> {
  const ref = { collection: shelf.collection, documentId: document.id };
  await store.forTenant(tenantId(document.tenant)).replaceDocument(ref, newChunks(shelf, document));
}

function ids(hits: readonly Hit[]): string[] {
  return hits.map(({ chunk }) => chunk.id);
}

function newChunks({ collection, model }: Shelf, { id, chunks }: BenchDocument): NewChunk[] {
  return chunks.map((chunk, ordinal) => ({
    id: chunk.id,
    collection,
    documentId: id,
    ordinal,
    text: chunk.text,
    span: { start: 0, end: chunk.text.length },
    pages: [],
    source: id,
    attributes: {},
    embedding: { model, vector: chunk.vector },
  }));
}
