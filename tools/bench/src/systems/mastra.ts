import type { BenchDocument } from '../corpus/corpus.js';
import { DIMENSIONS } from '../corpus/vectors.js';
import { peerId } from './peer-id.js';
import { peerModule } from './peers.js';
import { CALLERS, type SystemKind } from './system.js';

interface Store {
  createIndex(index: object): Promise<void>;
  buildIndex(index: object): Promise<void>;
  upsert(batch: object): Promise<unknown>;
  query(query: object): Promise<{ metadata?: { id: string } }[]>;
  disconnect(): Promise<void>;
}

interface Module {
  readonly PgVector: new (config: object) => Store;
}

const INDEX = {
  indexName: 'chunks',
  dimension: DIMENSIONS,
  metric: 'cosine',
  indexConfig: { type: 'hnsw', hnsw: { m: 16, efConstruction: 64 } },
};

/** A namespace for each tenant, its HNSW index after the load. */
export const mastra: SystemKind = {
  name: 'mastra',
  async open(url) {
    const { PgVector } = await peerModule<Module>('@mastra/pg');
    const store = new PgVector({ id: 'bench', connectionString: url, max: CALLERS });
    await store.createIndex({ ...INDEX, buildIndex: false });
    const batch = ({ tenant, id: document, chunks }: BenchDocument) => ({
      indexName: INDEX.indexName,
      namespace: tenant,
      vectors: chunks.map(({ vector }) => Array.from(vector)),
      metadata: chunks.map(({ id, text }) => ({ document, id, text })),
      ids: chunks.map(({ id }) => peerId(tenant, id)),
    });
    return {
      name: 'mastra',
      ingest: async (document) => void (await store.upsert(batch(document))),
      replace: async (document) =>
        void (await store.upsert({ ...batch(document), deleteFilter: { document: document.id } })),
      index: () => store.buildIndex(INDEX),
      async dense(tenant, vector, limit) {
        const query = { indexName: INDEX.indexName, namespace: tenant, queryVector: Array.from(vector), topK: limit };
        return (await store.query(query)).map(({ metadata }) => metadata?.id ?? '');
      },
      close: () => store.disconnect(),
    };
  },
};
