import type { BenchDocument } from '../corpus/corpus.js';
import { DIMENSIONS } from '../corpus/vectors.js';
import { peerId } from './peer-id.js';
import { peerModule } from './peers.js';
import type { SystemKind } from './system.js';

interface Node {
  readonly text: string;
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
export async function openLlamaIndex(url: string) {
  const { PGVectorStore } = await peerModule<Modules>('@llamaindex/postgres');
  const store = new PGVectorStore({
    clientConfig: { connectionString: url },
    dimensions: DIMENSIONS,
    // It asks for the default model's key otherwise, though every vector is given.
    embedModel: {},
  });
  return {
    add: (nodes: readonly Node[]) => store.add(nodes),
    async nearest(tenant: string, vector: Float32Array, limit: number): Promise<readonly Node[]> {
      const filters = { filters: [{ key: 'tenant', value: tenant, operator: '==' }] };
      const query = { queryEmbedding: Array.from(vector), similarityTopK: limit, mode: 'default', filters };
      return (await store.query(query)).nodes ?? [];
    },
    async close() {
      const db = await store.client();
      await (db.end?.() ?? db.close?.());
    },
  };
}

export const llamaindex: SystemKind = {
  name: 'llamaindex',
  async open(url) {
    const { TextNode } = await peerModule<Modules>('@llamaindex/core/schema');
    const store = await openLlamaIndex(url);
    const ingest = async ({ tenant, chunks }: BenchDocument) => {
      const nodes = chunks.map(
        ({ id, text, vector }) =>
          new TextNode({ id_: peerId(tenant, id), text, metadata: { tenant, id }, embedding: Array.from(vector) }),
      );
      await store.add(nodes);
    };
    return {
      name: 'llamaindex',
      ingest,
      // There is no call for it: its delete takes the id of one chunk, so the older version's chunks stay.
      replace: ingest,
      dense: async (tenant, vector, limit) =>
        (await store.nearest(tenant, vector, limit)).map(({ metadata }) => metadata.id),
      close: store.close,
    };
  },
};
