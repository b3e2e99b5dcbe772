import type { BenchDocument } from '../corpus/corpus.js';
import { DIMENSIONS } from '../corpus/vectors.js';
import { peerId } from './peer-id.js';
import { peerModule } from './peers.js';
import type { SystemKind } from './system.js';

interface Node {
  readonly metadata: { readonly id: string };
}

interface Store {
  add(nodes: readonly Node[]): Promise<unknown>;
  query(query: object): Promise<{ nodes?: readonly Node[] }>;
  client(): Promise<{ end?(): Promise<void>; close?(): Promise<void> }>;
}

interface Modules {
  readonly PGVectorStore: new (config: object) => Store;
  readonly TextNode: new (node: object) => Node;
}

/** As its documentation has it: `clientConfig`, and the tenant as a metadata filter. */
export const llamaindex: SystemKind = {
  name: 'llamaindex',
  async open(url) {
    const { PGVectorStore } = await peerModule<Modules>('@llamaindex/postgres');
    const { TextNode } = await peerModule<Modules>('@llamaindex/core/schema');
    const store = new PGVectorStore({
      clientConfig: { connectionString: url },
      dimensions: DIMENSIONS,
      // It asks for the default model's key otherwise, though every vector is given.
      embedModel: {},
    });
    const nodes = ({ tenant, chunks }: BenchDocument) =>
      chunks.map(
        ({ id, text, vector }) =>
          new TextNode({ id_: peerId(tenant, id), text, metadata: { tenant, id }, embedding: Array.from(vector) }),
      );
    const ids = async (tenant: string, vector: Float32Array, limit: number) => {
      const filters = { filters: [{ key: 'tenant', value: tenant, operator: '==' }] };
      const query = { queryEmbedding: Array.from(vector), similarityTopK: limit, mode: 'default', filters };
      return ((await store.query(query)).nodes ?? []).map(({ metadata }) => metadata.id);
    };
    return {
      name: 'llamaindex',
      ingest: async (document) => void (await store.add(nodes(document))),
      // There is no call for it: its delete takes the id of one chunk, so the older version's chunks stay.
      replace: async (document) => void (await store.add(nodes(document))),
      dense: ids,
      async close() {
        const db = await store.client();
        await (db.end?.() ?? db.close?.());
      },
    };
  },
};
