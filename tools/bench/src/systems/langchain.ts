import type { BenchDocument } from '../corpus/corpus.js';
import { DIMENSIONS } from '../corpus/vectors.js';
import { peerId } from './peer-id.js';
import { peerModule } from './peers.js';
import { CALLERS, type SystemKind } from './system.js';

interface Found {
  readonly metadata: { readonly id: string };
}

interface Store {
  addVectors(vectors: number[][], documents: object[], options: { ids: string[] }): Promise<void>;
  delete(params: { filter: object }): Promise<void>;
  createHnswIndex(config: { dimensions: number; distanceFunction?: string }): Promise<void>;
  similaritySearchVectorWithScore(vector: number[], limit: number, filter: object): Promise<[Found, number][]>;
  end(): Promise<void>;
}

interface Module {
  readonly PGVectorStore: { initialize(embeddings: object, config: object): Promise<Store> };
}

/** As its documentation has it: the tenant as a metadata filter, its HNSW index after the load. */
export const langchain: SystemKind = {
  name: 'langchain',
  async open(url) {
    const { PGVectorStore } = await peerModule<Module>('@langchain/community/vectorstores/pgvector');
    const store = await PGVectorStore.initialize(
      {},
      {
        postgresConnectionOptions: { connectionString: url, max: CALLERS },
        tableName: 'chunks',
        distanceStrategy: 'cosine',
      },
    );
    const add = ({ tenant, id: document, chunks }: BenchDocument) =>
      store.addVectors(
        chunks.map(({ vector }) => Array.from(vector)),
        chunks.map(({ id, text }) => ({ pageContent: text, metadata: { tenant, document, id } })),
        { ids: chunks.map(({ id }) => peerId(tenant, id)) },
      );
    return {
      name: 'langchain',
      ingest: add,
      async replace(document) {
        await store.delete({ filter: { tenant: document.tenant, document: document.id } });
        await add(document);
      },
      index: () => store.createHnswIndex({ dimensions: DIMENSIONS }),
      async dense(tenant, vector, limit) {
        const found = await store.similaritySearchVectorWithScore(Array.from(vector), limit, { tenant });
        return found.map(([{ metadata }]) => metadata.id);
      },
      close: () => store.end(),
    };
  },
};
