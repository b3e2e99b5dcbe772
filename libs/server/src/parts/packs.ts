import {
  dense,
  hybrid,
  HYBRID_WEIGHTS,
  lexical,
  PackhouseError,
  type Answerer,
  type ChatModel,
  type ChunkStore,
  type Embedder,
  type HybridQuestion,
  type Retriever,
  type TenantId,
} from '@packhouse/core';
import { extractive, synthesis } from '@packhouse/answering';
import { asShares } from './shares.js';

/** How much words count, and how much meaning. */
export type Weights = HybridQuestion['weights'];

/** How questions are put. */
export interface Search {
  readonly weights?: Weights | undefined;
  /** What the tenant's questions are embedded with now, for whoever knows; undefined where that model is not at hand. */
  readonly embedder?: Embedder | undefined;
}

/** @throws PackhouseError `invalid_request` for weights that the pack has no use for */
export type Pack = (tenant: TenantId, search?: Search) => Retriever;

/** A pack is a model to the API's clients: these are their names. */
export type Packs = Readonly<Record<string, Pack>>;

export const DEFAULT_PACK = 'fusion';

export interface PacksOptions {
  readonly chunks: ChunkStore;
  /** What a tenant's questions are embedded with now; undefined where that model is not at hand. */
  readonly activeEmbedder: (tenant: TenantId, signal?: AbortSignal) => Promise<Embedder | undefined>;
  /** Told of each question as it is asked. */
  readonly onQuestion: (tenant: TenantId, text: string) => void;
}

/** What a question is put to, once it is known which vectors there are. */
type Choice = (tenant: TenantId, embedder: Embedder | undefined, weights: Weights | undefined) => Retriever;

/**
 * The packs there are. Where words and vectors are both searched, that is one statement. Which vectors is decided anew with
 * each question, and once for all of it, so that none mixes two models; a tenant whose model is not at hand is searched by
 * words. Scores are 0 to 1, but for those of `dense`, which are cosines.
 */
export function packs({ chunks, activeEmbedder, onQuestion }: PacksOptions): Packs {
  const words = (tenant: TenantId) => lexical(chunks.forTenant(tenant));
  const meaning: Choice = (tenant, embedder) => {
    if (embedder) return dense(chunks.forTenant(tenant), embedder);
    throw new PackhouseError(
      'unavailable',
      'The embedding model of these documents is being changed, and the earlier one is not at hand. Until that is ' +
        'done, ask fusion, hybrid or lexical: they search by words.',
      { retryable: true },
    );
  };
  /** Searches that nothing is to come of are not made. */
  const weighed =
    (byDefault: (embedder: Embedder | undefined) => Weights): Choice =>
    (tenant, embedder, weights = byDefault(embedder)) => {
      if (weights.lexical === 0) return meaning(tenant, embedder, weights);
      if (weights.dense === 0 || !embedder) return words(tenant);
      return shared(hybrid(chunks.forTenant(tenant), embedder, weights), weights);
    };

  const pack =
    (name: string, choose: Choice): Pack =>
    (tenant, search = {}) => ({
      name,
      async retrieve(query, signal) {
        onQuestion(tenant, query.text);
        const embedder = 'embedder' in search ? search.embedder : await activeEmbedder(tenant, signal);
        return choose(tenant, embedder, search.weights).retrieve(query, signal);
      },
    });
  const unweighed =
    (name: string, choose: Choice): Pack =>
    (tenant, search) => {
      if (!search?.weights) return pack(name, choose)(tenant, search);
      throw new PackhouseError('invalid_request', `${name} has nothing to weigh; fusion and hybrid have.`, {
        param: 'ranking_options.hybrid_search',
      });
    };

  return {
    // Vectors that were not learned only blur what BM25 finds.
    fusion: pack(
      'fusion',
      weighed((embedder) => (embedder?.learned ? HYBRID_WEIGHTS : WORDS_ALONE)),
    ),
    hybrid: pack(
      'hybrid',
      weighed(() => HYBRID_WEIGHTS),
    ),
    lexical: unweighed('lexical', words),
    dense: unweighed('dense', meaning),
  };
}

const WORDS_ALONE: Weights = { lexical: 1, dense: 0 };

function shared(retriever: Retriever, { lexical, dense }: Weights): Retriever {
  return {
    name: retriever.name,
    async retrieve({ minScore = 0, ...query }, signal) {
      const hits = asShares(await retriever.retrieve(query, signal), [lexical, dense]);
      return hits.filter(({ score }) => score >= minScore);
    },
  };
}

/** @throws PackhouseError `not_found` */
export function packNamed(packs: Packs, name: string): Pack {
  const pack = Object.hasOwn(packs, name) ? packs[name] : undefined;
  if (pack) return pack;
  throw new PackhouseError('not_found', `There is no model ${name}; there is ${Object.keys(packs).join(', ')}.`, {
    param: 'model',
  });
}

/** Answers in a chat model's words where one is configured, else in the documents' own. */
export function answerer(retriever: Retriever, chat: ChatModel | undefined): Answerer {
  return chat ? synthesis({ retriever, chat }) : extractive({ retriever });
}
