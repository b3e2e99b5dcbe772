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

export function packs(chunks: ChunkStore, embedder: Embedder): Packs {
  const words: Pack = (tenant) => lexical(chunks.forTenant(tenant));
  const meaning: Pack = (tenant) => dense(chunks.forTenant(tenant), embedder);
  const both: Pack = (tenant) =>
    fusion({
      retrievers: [words(tenant), meaning(tenant)],
      weights: [HYBRID_WEIGHTS.lexical, HYBRID_WEIGHTS.dense],
    });
  return {
    // Vectors that were not learned only blur what BM25 finds.
    fusion: embedder.learned ? both : words,
    hybrid: (tenant) => hybrid(chunks.forTenant(tenant), embedder),
    lexical: words,
    dense: meaning,
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
