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
  type Retriever,
  type TenantId,
} from '@packhouse/core';
import { extractive, synthesis } from '@packhouse/answering';
import { fusion } from '@packhouse/fusion';

export type Pack = (tenant: TenantId) => Retriever;

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

/**
 * The packs there are. Which vectors they search by is decided anew with each question, and once for all of it, so that
 * none mixes two models; a tenant whose model is not at hand is searched by words.
 */
export function packs({ chunks, activeEmbedder, onQuestion }: PacksOptions): Packs {
  const words: Pack = (tenant) => lexical(chunks.forTenant(tenant));
  const both = (tenant: TenantId, embedder: Embedder) =>
    fusion({
      retrievers: [words(tenant), dense(chunks.forTenant(tenant), embedder)],
      weights: [HYBRID_WEIGHTS.lexical, HYBRID_WEIGHTS.dense],
    });

  const pack =
    (name: string, choose: (tenant: TenantId, embedder: Embedder | undefined) => Retriever): Pack =>
    (tenant) => ({
      name,
      async retrieve(query, signal) {
        onQuestion(tenant, query.text);
        return choose(tenant, await activeEmbedder(tenant, signal)).retrieve(query, signal);
      },
    });

  return {
    // Vectors that were not learned only blur what BM25 finds.
    fusion: pack('fusion', (tenant, embedder) => (embedder?.learned ? both(tenant, embedder) : words(tenant))),
    hybrid: pack('hybrid', (tenant, embedder) =>
      embedder ? hybrid(chunks.forTenant(tenant), embedder) : words(tenant),
    ),
    lexical: pack('lexical', words),
    dense: pack('dense', (tenant, embedder) => {
      if (embedder) return dense(chunks.forTenant(tenant), embedder);
      throw new PackhouseError(
        'unavailable',
        'The embedding model of these documents is being changed, and the earlier one is not at hand. Until that is ' +
          'done, ask fusion, hybrid or lexical: they search by words.',
        { retryable: true },
      );
    }),
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
