import { benchTenants, documentsOf, type BenchTenant } from '../corpus/corpus.js';
import { questions, type Question } from '../corpus/questions.js';
import type { Opened } from '../systems/databases.js';
import { withSystems } from './with-systems.js';
import type { WorkloadOptions } from './workload.js';

const QUESTIONS = 300;
const DOCUMENT = 100;

/** Loads the corpus into every system and hands over what to ask it. */
export function withCorpus<T>(
  options: WorkloadOptions,
  suffix: string,
  work: (opened: readonly Opened[], asked: readonly Question[]) => Promise<T>,
): Promise<T> {
  return withSystems(options, suffix, async (opened) => {
    const tenants = benchTenants(options.chunks, options.tenants);
    for (const each of opened) await load(each, tenants);
    return work(opened, questions(tenants, QUESTIONS));
  });
}

export async function load(
  { system, settle }: Opened,
  tenants: readonly BenchTenant[],
  chunksADocument = DOCUMENT,
): Promise<void> {
  const began = performance.now();
  for (const tenant of tenants) {
    for (const document of documentsOf(tenant, chunksADocument)) await system.ingest(document);
  }
  await system.index?.();
  await settle();
  process.stderr.write(`  loaded ${system.name} in ${Math.round((performance.now() - began) / 1000)} s\n`);
}
