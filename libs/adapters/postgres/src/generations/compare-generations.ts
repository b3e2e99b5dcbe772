import { PackhouseError, type Embedder, type TenantId } from '@packhouse/core';
import { chunkStore } from '../chunks/chunk-store.js';
import { asTenant, type Db } from '../db/db.js';
import { knownItems } from './known-items.js';
import { questions } from './questions.js';

/** How deep both measures look. */
const DEPTH = 10;

/** One generation measured against another on what the tenant has and asks. */
export interface GenerationComparison {
  /** Of the tenant's own, up to 200. */
  readonly questions: number;
  /** Mean share of ten hits that both have in common, 0 to 1; null without questions. How much will change, not how well. */
  readonly overlap: number | null;
  /** Sentences drawn from the tenant's chunks, up to 100. */
  readonly items: number;
  /** The share of these whose chunk is among the first ten hits, 0 to 1; null without any. */
  readonly hitRate: { readonly from: number | null; readonly to: number | null };
}

/** How much rarer than the old one the new one may find a known item: five of a hundred. */
const TOLERANCE = 0.05;

export function isWorse({ hitRate: { from, to } }: GenerationComparison): boolean {
  return from !== null && to !== null && to < from - TOLERANCE;
}

/** Compares two generations that both have their vectors, by dense search alone. Nothing is written. */
export async function compareGenerations(
  db: Db,
  tenant: TenantId,
  { from, to }: { readonly from: Embedder; readonly to: Embedder },
  signal?: AbortSignal,
): Promise<GenerationComparison> {
  const [asked, items] = await asTenant(
    db,
    tenant,
    async (tx) => [await questions.list(tx), await knownItems(tx)] as const,
    signal,
  );
  const rank = (embedder: Embedder) => rankings(db, tenant, embedder, signal);
  const drawn = items.map(({ sentence }) => sentence);
  const [askedBefore, askedAfter] = [await rank(from)(asked), await rank(to)(asked)];
  const [drawnBefore, drawnAfter] = [await rank(from)(drawn), await rank(to)(drawn)];
  const found = (ranking: readonly string[][]) =>
    mean(items.map(({ chunkId }, index) => Number(ranking[index]?.includes(chunkId))));
  return {
    questions: asked.length,
    overlap: mean(askedBefore.map((before, index) => shared(before, askedAfter[index] ?? []))),
    items: items.length,
    hitRate: { from: found(drawnBefore), to: found(drawnAfter) },
  };
}

/** The ids of each text's first hits. */
function rankings(db: Db, tenant: TenantId, embedder: Embedder, signal?: AbortSignal) {
  const store = chunkStore(db).forTenant(tenant);
  const { model, maxBatch } = embedder;
  return async (texts: readonly string[]): Promise<string[][]> => {
    const ranked: string[][] = [];
    for (let start = 0; start < texts.length; start += maxBatch) {
      const batch = texts.slice(start, start + maxBatch);
      const vectors = await embedder.embed(batch, 'query', signal);
      if (vectors.length < batch.length) throw new PackhouseError('provider_failed', `${model} made too few vectors.`);
      for (const vector of vectors) {
        const hits = await store.nearest({ model, vector }, { limit: DEPTH }, signal);
        ranked.push(hits.map(({ chunk }) => chunk.id));
      }
    }
    return ranked;
  };
}

function shared(before: readonly string[], after: readonly string[]): number {
  const most = Math.max(before.length, after.length);
  return most === 0 ? 1 : before.filter((id) => after.includes(id)).length / most;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
