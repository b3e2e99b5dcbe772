import { abortError, PackhouseError, throwIfAborted, type Hit, type Query, type Retriever } from '@packhouse/core';
import { fuseRanks } from './fuse-ranks.js';

/** More rewrites than this are not asked: each costs a search in every leg. */
const MAX_VARIANTS = 8;

export interface FusionOptions {
  /** The legs, asked in parallel; ties keep this order. */
  retrievers: readonly [Retriever, ...Retriever[]];

  /** How much each leg counts, in their order, 0 or more and not all 0. @default 1 each */
  weights?: readonly number[];

  /** Damping of reciprocal rank fusion, 0 or more. @default 60 */
  k?: number;

  /** How many hits each leg contributes, as a multiple of the caller's limit; a whole number from 1. @default 4 */
  depth?: number;

  /**
   * Rewrites the question. Every leg is asked each rewrite (the first 8) beside the question itself, which does not wait
   * for them. Where rewriting fails, the question alone is asked. @default no rewrites
   */
  variants?: (query: Query, signal?: AbortSignal) => Promise<readonly string[]>;
}

/**
 * Asks several retrievers the same question and merges their rankings by position, so that scores of different kinds
 * (cosines, BM25) never have to be compared; a query's least score is on the fused scale, see {@link fuseRanks}. A leg
 * that fails fails the whole, and the other legs are aborted.
 *
 * @example
 * const search = fusion({ retrievers: [lexical(store), dense(store, embedder)], weights: [0.7, 0.3] });
 * const hits = await search.retrieve({ text: 'refund policy', limit: 5 });
 *
 * @throws PackhouseError `invalid_request` at once for weights, k or depth out of range; from `retrieve` the failing
 *   leg's code, with the leg's name (`internal` where it had none)
 */
export function fusion({ retrievers, weights, k = 60, depth = 4, variants }: FusionOptions): Retriever {
  const each = weights ?? retrievers.map(() => 1);
  check(retrievers, each, k, depth);

  return {
    name: `fusion(${retrievers.map(({ name }) => name).join('+')})`,

    async retrieve({ minScore = -Infinity, ...query }, signal) {
      throwIfAborted(signal);
      const legs = new AbortController();
      const either = signal ? AbortSignal.any([signal, legs.signal]) : legs.signal;
      const askAll = (text: string) =>
        Promise.all(retrievers.map((leg) => ask(leg, { ...query, text, limit: query.limit * depth }, either)));
      const askVariants = async () => Promise.all((await rewrites(query, either, variants)).map(askAll));
      try {
        const [original, rewritten] = await Promise.all([askAll(query.text), askVariants()]);
        const rankings = [original, ...rewritten].flat();
        const repeated = rankings.map((_, index) => each[index % each.length] as number);
        const fused = fuseRanks(rankings, { weights: repeated, k });
        return fused.filter(({ score }) => score >= minScore).slice(0, query.limit);
      } catch (error) {
        legs.abort(error);
        throw error;
      }
    },
  };
}

async function ask(leg: Retriever, query: Query, signal: AbortSignal): Promise<Hit[]> {
  try {
    throwIfAborted(signal);
    return await leg.retrieve(query, signal);
  } catch (cause) {
    if (signal.aborted) throw abortError(signal);
    const { code, retryable } = PackhouseError.isInstance(cause)
      ? cause
      : { code: 'internal' as const, retryable: false };
    throw new PackhouseError(code, `The retriever ${leg.name} failed: ${messageOf(cause)}`, { cause, retryable });
  }
}

const messageOf = (cause: unknown) =>
  cause instanceof Error || PackhouseError.isInstance(cause) ? cause.message : String(cause);

/** The rewrites worth asking: not blank, not the question again, none twice. None where rewriting failed. */
async function rewrites(query: Query, signal: AbortSignal, variants?: FusionOptions['variants']): Promise<string[]> {
  const texts = new Set((await attempt(query, signal, variants)).map((text) => text.trim()));
  texts.delete('');
  texts.delete(query.text.trim());
  return [...texts].slice(0, MAX_VARIANTS);
}

async function attempt(query: Query, signal: AbortSignal, variants: FusionOptions['variants'] = async () => []) {
  try {
    return await variants(query, signal);
  } catch {
    throwIfAborted(signal);
    return [];
  }
}

function check(retrievers: readonly Retriever[], weights: readonly number[], k: number, depth: number): void {
  const refuse = (param: string, message: string) => {
    throw new PackhouseError('invalid_request', message, { param });
  };
  if (retrievers.length === 0) refuse('retrievers', 'Fusion needs at least one retriever.');
  if (weights.length !== retrievers.length)
    refuse('weights', `${retrievers.length} retrievers need as many weights, not ${weights.length}.`);
  if (!weights.every((weight) => weight >= 0 && weight < Infinity) || !weights.some((weight) => weight > 0))
    refuse('weights', 'Weights are 0 or more, and not all of them 0.');
  if (!(k >= 0 && k < Infinity)) refuse('k', 'k is 0 or more.');
  if (!(Number.isInteger(depth) && depth >= 1)) refuse('depth', 'depth is a whole number from 1.');
}
