import { benchChunk, type BenchTenant } from './corpus.js';
import type { Question } from './questions.js';

/** The ids of each question's nearest chunks, by comparing all: what a search ought to find. One list a question. */
export function nearestChunks(asked: readonly Question[], limit: number): string[][] {
  const found = new Map<Question, string[]>();
  for (const [tenant, own] of Map.groupBy(asked, (question) => question.tenant)) {
    nearestOf(tenant, own, limit).forEach((ids, at) => found.set(own[at] as Question, ids));
  }
  return asked.map((question) => found.get(question) ?? []);
}

function nearestOf(tenant: BenchTenant, asked: readonly Question[], limit: number): string[][] {
  const chunks = Array.from({ length: tenant.chunks }, (_, index) => benchChunk(tenant, index));
  return asked.map(({ vector }) =>
    chunks
      .map((chunk) => ({ id: chunk.id, cosine: product(chunk.vector, vector) }))
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, limit)
      .map(({ id }) => id),
  );
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}
