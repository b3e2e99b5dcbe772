import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HYBRID_WEIGHTS, tenantId } from '@packhouse/core';
import { hashed } from '@packhouse/embedding/hashed';
import { asTenant, chunkStore, openPostgres, prepareDatabase, vectorStores } from '@packhouse/postgres';
import { documentsOf, type BenchDocument, type BenchTenant } from '../corpus/corpus.js';
import { floor } from '../systems/floor.js';
import { llamaindex } from '../systems/llamaindex.js';
import { shelve } from '../systems/packhouse.js';
import type { Program, ServerProcess } from './server-process.js';
import { TOKEN_SECRET } from './tenant-token.js';

/** Hits that a search is to give. */
const LIMIT = 10;
const DOCUMENT = 100;
const workspace = fileURLToPath(new URL('../../../../', import.meta.url));
const embedder = hashed();

/** By what a search is made. */
export type Way = 'by vector' | 'by vector and words';

/** One server's search in one way. */
export interface SearchApi {
  readonly name: string;
  readonly way: Way;
  readonly server: ServerProcess;
  /** The path that a tenant's searches go to. */
  path(tenant: string): string;
  body(query: string): object;
}

export type Serving = (program: Program) => Promise<ServerProcess>;

export async function bareApis(url: string, tenants: readonly BenchTenant[], serving: Serving): Promise<SearchApi[]> {
  const system = await floor.open(url);
  await load(tenants, system.ingest);
  await system.close();
  const server = await serving(program('bare Fastify', 'tools/bench/src/servers/bare-fastify.ts', url));
  return (['by vector', 'by vector and words'] as const).map((way) => ({
    name: 'bare Fastify',
    way,
    server,
    path: () => '/search',
    body: (query) => ({ query, limit: LIMIT, words: way === 'by vector and words' }),
  }));
}

/** The API as built, on a database as its installation makes it, with a store for each tenant. */
export async function ourApis(
  adminUrl: string,
  tenants: readonly BenchTenant[],
  serving: Serving,
): Promise<SearchApi[]> {
  execFileSync('npx', ['nx', 'build', '@packhouse/api'], { cwd: workspace, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = await prepareDatabase({ adminUrl, appPassword: 'bench' });
  const { db, close } = await openPostgres({ url });
  const stores = new Map<string, string>();
  for (const { name } of tenants) {
    const store = await asTenant(db, tenantId(name), (tx) => vectorStores.insert(tx, { name }));
    stores.set(name, store.vectorStoreId);
  }
  const store = chunkStore(db);
  await load(tenants, (document) =>
    shelve(store, { collection: stores.get(document.tenant)!, model: embedder.model }, document),
  );
  await close();
  const data = mkdtempSync(join(tmpdir(), 'bench-'));
  const server = await serving(program('packhouse', 'apps/api/dist/main.js', url, data));
  rmSync(data, { recursive: true, force: true });
  const { lexical: text_weight, dense: embedding_weight } = HYBRID_WEIGHTS;
  const ways = {
    'by vector': { text_weight: 0, embedding_weight: 1 },
    'by vector and words': { text_weight, embedding_weight },
  };
  return (Object.keys(ways) as Way[]).map((way) => ({
    name: 'packhouse',
    way,
    server,
    path: (tenant) => `/v1/vector_stores/${stores.get(tenant)}/search`,
    body: (query) => ({ query, max_num_results: LIMIT, ranking_options: { hybrid_search: ways[way] } }),
  }));
}

export async function llamaIndexApi(
  url: string,
  tenants: readonly BenchTenant[],
  serving: Serving,
): Promise<SearchApi> {
  const system = await llamaindex.open(url);
  await load(tenants, system.ingest);
  await system.close();
  const server = await serving(program('LlamaIndex.TS', 'tools/bench/src/servers/nest-llamaindex.ts', url));
  return {
    name: 'NestJS and LlamaIndex.TS',
    way: 'by vector',
    server,
    path: () => '/search',
    body: (query) => ({ query, limit: LIMIT }),
  };
}

function program(name: string, file: string, DATABASE_URL: string, PACKHOUSE_DATA = ''): Program {
  const ours = { PACKHOUSE_DATA, JWT_SECRET: TOKEN_SECRET, PORT: '0', RATE_LIMIT_PER_MINUTE: '0' };
  return { name, file, env: { DATABASE_URL, ...ours } };
}

/** Stores the corpus with the vectors that its texts have by the servers' own embedder. */
async function load(tenants: readonly BenchTenant[], ingest: (document: BenchDocument) => Promise<void>) {
  for (const tenant of tenants) {
    for (const document of documentsOf(tenant, DOCUMENT)) {
      const vectors = await embedder.embed(
        document.chunks.map(({ text }) => text),
        'document',
      );
      const chunks = document.chunks.map((chunk, at) => ({ ...chunk, vector: vectors[at]! }));
      await ingest({ ...document, chunks });
    }
  }
}
