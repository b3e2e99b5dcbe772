import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load, provenance } from './report/machine.js';
import { writeSection } from './report/sections.js';
import { floor } from './systems/floor.js';
import { langchain } from './systems/langchain.js';
import { llamaindex } from './systems/llamaindex.js';
import { mastra } from './systems/mastra.js';
import { packhouse } from './systems/packhouse.js';
import { installPeers } from './systems/peers.js';
import { boot } from './workloads/boot.js';
import { dense } from './workloads/dense.js';
import { growth } from './workloads/growth.js';
import { ingest } from './workloads/ingest.js';
import { knownItem } from './workloads/known-item.js';
import { replacement } from './workloads/replacement.js';
import { searchOverHttp } from './workloads/search-over-http.js';
import type { Workload } from './workloads/workload.js';

const WORKLOADS: Readonly<Record<string, Workload>> = {
  W1: ingest,
  W2: dense,
  W3: knownItem,
  W4: replacement,
  W6: searchOverHttp,
  growth,
  boot,
};

const HELP = `Usage: npm run -s bench -- [${Object.keys(WORKLOADS).join('|')} ...] [options]

Measures the chunk store beside bare SQL, all systems in turn on one server, searches over HTTP, and how the API
starts, and writes RESULTS.md and results/.

  --chunks N   of the corpus (default: 50000)
  --tenants N  whose sizes follow Zipf's law (default: 100)
  --rounds N   in which each system has its turn (default: 5)
  --most N     chunks that growth is followed up to (default: 1000000)
  --peers      also LlamaIndex.TS, LangChain.js and Mastra, installed into tools/bench/.peers
  --dry        prints the tables and leaves RESULTS.md as it is
  --url URL    a server with pgvector, as a superuser (default: one that tools/postgres/up starts, with fsync)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    chunks: { type: 'string', default: '50000' },
    tenants: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
    most: { type: 'string', default: '1000000' },
    peers: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
    url: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(WORKLOADS);
if (values.help || names.some((name) => !WORKLOADS[name])) {
  process.stderr.write(HELP);
  process.exit(values.help ? 0 : 2);
}

if (values.peers) installPeers();
const options = {
  serverUrl: values.url ?? startServer(),
  chunks: Number(values.chunks),
  tenants: Number(values.tenants),
  rounds: Number(values.rounds),
  most: Number(values.most),
  kinds: [floor, packhouse, ...(values.peers ? [llamaindex, langchain, mastra] : [])],
};

for (const name of names) {
  process.stderr.write(`${name}\n`);
  const before = load();
  const tables = await (WORKLOADS[name] as Workload)(options);
  const corpus = `${options.chunks.toLocaleString('en-US')} chunks, ${options.tenants} tenants, `;
  const text = `${name === 'boot' ? '' : corpus}${options.rounds} rounds. ${await provenance(options.serverUrl, before)}\n\n${tables}`;
  process.stdout.write(`${name}: ${text}\n\n`);
  if (!values.dry) await writeSection(name, text);
}

/** Left running, for the next time. */
function startServer(): string {
  const up = fileURLToPath(new URL('../../postgres/up', import.meta.url));
  const printed = execFileSync(up, ['55434'], { encoding: 'utf8', env: { ...process.env, SAFE: '1' } });
  return printed.trim().replace('DATABASE_URL=', '');
}
