import { TOPICS, type BenchTenant } from './corpus.js';
import { below, random } from './random.js';
import { codeOf, codeQuestion } from './texts.js';
import { vectorNear } from './vectors.js';

export interface Question {
  readonly tenant: BenchTenant;
  readonly vector: Float32Array;
  /** About one of the tenant's topics. */
  readonly onTopic: boolean;
  /** Asks for the chunk `code` names; its vector is about something else. */
  readonly text: string;
  readonly code: string;
  /** The chunk that holds the code. */
  readonly holder: string;
}

/** Half on topic, half off; half of tenants as they have chunks, half of all tenants alike. */
export function questions(tenants: readonly BenchTenant[], count: number, seed = 1): Question[] {
  const next = random(0x9e5, seed);
  return Array.from({ length: count }, (_, at) => {
    const tenant = at % 4 < 2 ? bySize(tenants, next) : (tenants[below(tenants.length, next)] as BenchTenant);
    return question(tenant, at % 2 === 0, next);
  });
}

function question(tenant: BenchTenant, onTopic: boolean, next: () => number): Question {
  const known = tenant.topics[below(tenant.topics.length, next)] as number;
  const index = below(tenant.chunks, next);
  return {
    tenant,
    onTopic,
    vector: vectorNear(onTopic ? known : foreignTopic(tenant, next), 0xa5c, below(2 ** 30, next)),
    text: codeQuestion(codeOf(index), index),
    code: codeOf(index),
    holder: `${tenant.number}.${index}`,
  };
}

function foreignTopic({ topics }: BenchTenant, next: () => number): number {
  for (;;) {
    const topic = below(TOPICS, next);
    if (!topics.includes(topic)) return topic;
  }
}

function bySize(tenants: readonly BenchTenant[], next: () => number): BenchTenant {
  let place = next() * tenants.reduce((sum, { chunks }) => sum + chunks, 0);
  return tenants.find(({ chunks }) => (place -= chunks) < 0) ?? (tenants.at(-1) as BenchTenant);
}
