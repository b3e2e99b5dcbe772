import { benchTenants, documentsOf, type BenchDocument } from '../corpus/corpus.js';
import { random, zipf } from '../corpus/random.js';
import { short, table } from '../report/format.js';
import { median, quantile } from '../report/statistics.js';
import { inRounds, ratio, typical, type Figures } from '../rounds.js';
import type { System } from '../systems/system.js';
import type { Workload, WorkloadOptions } from './workload.js';
import { withSystems } from './with-systems.js';

const BULK_DOCUMENT = 500;
const LIVE_DOCUMENT = 10;
const LIVE_DOCUMENTS = 200;

/** W1: rows a second, one caller, embeddings given: whole tenants in calls of 500 chunks, then documents of 10. */
export const ingest: Workload = (options) =>
  withSystems(options, 'w1', async (opened) => {
    const systems = opened.map(({ system }) => system);
    const bulk = await inRounds(systems, options.rounds, (system, round) => measureBulk(system, options, round));
    for (const { system, settle } of opened) {
      await system.index?.();
      await settle();
    }
    const live = await inRounds(systems, options.rounds, (system, round) => measureLive(system, options, round));
    const rows = systems.map(({ name }) => [
      name,
      short(typical(bulk, name, 'rows/s')),
      ratio(bulk, [name, 'rows/s'], ['floor', 'rows/s']),
      short(typical(live, name, 'rows/s')),
      ratio(live, [name, 'rows/s'], ['floor', 'rows/s']),
      short(typical(live, name, 'p50 ms')),
      short(typical(live, name, 'p99 ms')),
    ]);
    const head = ['system', 'bulk rows/s', 'to floor', 'live rows/s', 'to floor', 'live p50 ms', 'live p99 ms'];
    return table(head, rows);
  });

/** A fifth of the corpus a round, as whole tenants of the round's own. */
function measureBulk(system: System, { chunks, tenants }: WorkloadOptions, round: number): Promise<Figures> {
  const own = benchTenants(chunks / 5, Math.ceil(tenants / 5)).map((each) => ({
    ...each,
    name: `bulk${round}.${each.name}`,
  }));
  return timed(
    system,
    own.flatMap((each) => [...documentsOf(each, BULK_DOCUMENT)]),
  );
}

/** Documents for tenants that are there already, the large ones more often. */
function measureLive(system: System, { chunks, tenants }: WorkloadOptions, round: number): Promise<Figures> {
  const next = random(0x11fe, round);
  const there = benchTenants(chunks / 5, Math.ceil(tenants / 5));
  const documents = Array.from({ length: LIVE_DOCUMENTS }, (_, at) => {
    const tenant = there[zipf(there.length, next)] as (typeof there)[0];
    const from = 1_000_000 + (round * LIVE_DOCUMENTS + at) * LIVE_DOCUMENT;
    return [...documentsOf({ ...tenant, name: `bulk0.${tenant.name}` }, LIVE_DOCUMENT, from, from + LIVE_DOCUMENT)];
  });
  return timed(system, documents.flat());
}

async function timed(system: System, documents: readonly BenchDocument[]): Promise<Figures> {
  const times: number[] = [];
  const began = performance.now();
  for (const document of documents) {
    const before = performance.now();
    await system.ingest(document);
    times.push(performance.now() - before);
  }
  const seconds = (performance.now() - began) / 1000;
  const rows = documents.reduce((sum, { chunks }) => sum + chunks.length, 0);
  return { 'rows/s': rows / seconds, 'p50 ms': median(times), 'p99 ms': quantile(times, 0.99) };
}
