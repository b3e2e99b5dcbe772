import { HYBRID_WEIGHTS, tenantId, type Hit, type NewChunk } from '@packhouse/core';
import { chunkStore, maintain, openPostgres, prepareDatabase } from '@packhouse/postgres';
import type { BenchDocument } from '../corpus/corpus.js';
import { CALLERS, type SystemKind } from './system.js';

const MODEL = 'bench-384';
const COLLECTION = 'bench';

/** Ours, as an application opens it: the role that row-level security binds. */
export const packhouse: SystemKind = {
  name: 'packhouse',
  async open(url) {
    const app = await openPostgres({
      url: await prepareDatabase({ adminUrl: url, appPassword: 'bench' }),
      max: CALLERS,
    });
    const store = chunkStore(app.db);
    const put = async (document: BenchDocument) => {
      const { tenant, id } = document;
      const ref = { collection: COLLECTION, documentId: id };
      await store.forTenant(tenantId(tenant)).replaceDocument(ref, newChunks(document));
    };
    return {
      name: 'packhouse',
      ingest: put,
      replace: put,
      dense: async (tenant, vector, limit) =>
        ids(await store.forTenant(tenantId(tenant)).nearest({ model: MODEL, vector }, { limit })),
      async hybrid(tenant, text, vector, limit) {
        const question = { text, embedding: { model: MODEL, vector }, weights: HYBRID_WEIGHTS };
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

function ids(hits: readonly Hit[]): string[] {
  return hits.map(({ chunk }) => chunk.id);
}

function newChunks({ id, chunks }: BenchDocument): NewChunk[] {
  return chunks.map((chunk, ordinal) => ({
    id: chunk.id,
    collection: COLLECTION,
    documentId: id,
    ordinal,
    text: chunk.text,
    span: { start: 0, end: chunk.text.length },
    pages: [],
    source: id,
    attributes: {},
    embedding: { model: MODEL, vector: chunk.vector },
  }));
}
