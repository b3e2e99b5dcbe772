import { below, random } from './random.js';
import { chunkText, codeOf } from './texts.js';
import { vectorNear } from './vectors.js';

/** Topics there are; a tenant writes about a few of them. */
export const TOPICS = 1_000;
const TOPICS_A_TENANT = 12;

export interface BenchChunk {
  readonly id: string;
  readonly text: string;
  readonly vector: Float32Array;
}

export interface BenchDocument {
  readonly tenant: string;
  readonly id: string;
  readonly chunks: readonly BenchChunk[];
}

export interface BenchTenant {
  readonly name: string;
  readonly number: number;
  readonly chunks: number;
  readonly topics: readonly number[];
}

/** So many chunks over so many tenants, whose sizes follow Zipf's law. */
export function benchTenants(chunks: number, count: number): BenchTenant[] {
  const harmonic = Array.from({ length: count }, (_, at) => 1 / (at + 1)).reduce((a, b) => a + b, 0);
  return Array.from({ length: count }, (_, number) => ({
    name: `t${number}`,
    number,
    chunks: Math.max(1, Math.round(chunks / harmonic / (number + 1))),
    topics: topicsOf(number),
  }));
}

function topicsOf(tenant: number): number[] {
  const next = random(0x70b1c, tenant);
  const topics = new Set<number>();
  while (topics.size < TOPICS_A_TENANT) topics.add(below(TOPICS, next));
  return [...topics];
}

/** The tenant's chunk of that number: the same each time, so that nothing need be kept. */
export function benchChunk({ number, topics }: BenchTenant, index: number): BenchChunk {
  const topic = topics[index % topics.length] as number;
  return {
    id: `${number}.${index}`,
    text: chunkText(topic, codeOf(index), number, index),
    vector: vectorNear(topic, number, index),
  };
}

/** Some of a tenant's chunks, cut into documents. */
export function* documentsOf(
  tenant: BenchTenant,
  chunksADocument: number,
  from = 0,
  to = tenant.chunks,
): Generator<BenchDocument> {
  for (let start = from; start < to; start += chunksADocument) {
    const length = Math.min(chunksADocument, to - start);
    const chunks = Array.from({ length }, (_, at) => benchChunk(tenant, start + at));
    yield { tenant: tenant.name, id: `d${start}`, chunks };
  }
}
