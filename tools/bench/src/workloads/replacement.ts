import { benchChunk, benchTenants, type BenchDocument, type BenchTenant } from '../corpus/corpus.js';
import { table } from '../report/format.js';
import type { System } from '../systems/system.js';
import type { Workload } from './workload.js';
import { withSystems } from './with-systems.js';

const DOCUMENTS = 50;
const CHUNKS = 10;
const SHRUNK = 6;
const VERSIONS = 60;

/** W4: what is left of a document's older version, and what a reader sees meanwhile. */
export const replacement: Workload = (options) =>
  withSystems(options, 'w4', async (opened) => {
    const rows: string[][] = [];
    for (const { system } of opened) {
      rows.push([system.name, await again(system), await stale(system), await gaps(system)]);
    }
    const head = [
      'system',
      `ingest ${DOCUMENTS * CHUNKS} rows again`,
      `stale after 10 → ${SHRUNK}`,
      'reads that saw a gap',
    ];
    return table(head, rows);
  });

const tenants = benchTenants(DOCUMENTS * CHUNKS, 3);
const tenant = (at: number) => tenants[at] as BenchTenant;

/** The same documents a second time. */
async function again(system: System): Promise<string> {
  const documents = Array.from({ length: DOCUMENTS }, (_, at) => version(tenant(0), `d${at}`, `${at}`, CHUNKS));
  for (const document of documents) await system.ingest(document);
  try {
    for (const document of documents) await system.replace(document);
    return `${await count(system, tenant(0))} rows`;
  } catch (error) {
    return `error: ${String(error instanceof Error ? error.message : error).slice(0, 60)}`;
  }
}

/** A document that became shorter. */
async function stale(system: System): Promise<string> {
  await system.ingest(version(tenant(1), 'd', 'a', CHUNKS));
  await system.replace(version(tenant(1), 'd', 'a', SHRUNK));
  return `${(await count(system, tenant(1))) - SHRUNK}`;
}

/** A reader beside a writer who replaces one document again and again: each read should see one version, whole. */
async function gaps(system: System): Promise<string> {
  await system.ingest(version(tenant(2), 'd', 'v0', CHUNKS));
  let writing = true;
  const writer = async () => {
    for (let at = 1; at <= VERSIONS; at++) await system.replace(version(tenant(2), 'd', `v${at}`, CHUNKS));
    writing = false;
  };
  const reads: boolean[] = [];
  const reader = async () => {
    while (writing) {
      const ids = await system.dense(tenant(2).name, benchChunk(tenant(2), 0).vector, 3 * CHUNKS);
      const versions = new Set(ids.map((id) => id.split('/')[0]));
      reads.push(ids.length !== CHUNKS || versions.size !== 1);
    }
  };
  await Promise.all([writer().finally(() => (writing = false)), reader()]);
  return `${reads.filter(Boolean).length} of ${reads.length}`;
}

function version(of: BenchTenant, id: string, label: string, length: number): BenchDocument {
  const chunks = Array.from({ length }, (_, at) => ({
    ...benchChunk(of, at),
    id: `${label}/${at}`,
    text: `${benchChunk(of, at).text} ${label}`,
  }));
  return { tenant: of.name, id, chunks };
}

async function count(system: System, of: BenchTenant): Promise<number> {
  const all = await system.dense(of.name, benchChunk(of, 0).vector, 4 * DOCUMENTS * CHUNKS);
  return all.length;
}
