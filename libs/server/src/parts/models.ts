import {
  dense,
  hybrid,
  HYBRID_WEIGHTS,
  lexical,
  PackhouseError,
  type Answerer,
  type ChatModel,
  type Embedder,
  type Retriever,
  type TenantStore,
} from '@packhouse/core';
import { extractive, synthesis } from '@packhouse/answering';
import { fusion } from '@packhouse/fusion';

type Pack = (store: TenantStore, embedder: Embedder) => Retriever;

/** The packs that the API serves; a pack is a model to its clients. */
const PACKS: Readonly<Record<string, Pack>> = {
  fusion: (store, embedder) =>
    // Vectors that were not learned only blur what BM25 finds: measured, see tools/eval.
    embedder.learned
      ? fusion({
          retrievers: [lexical(store), dense(store, embedder)],
          weights: [HYBRID_WEIGHTS.lexical, HYBRID_WEIGHTS.dense],
        })
      : lexical(store),
  hybrid,
  lexical,
  dense,
};

export const MODELS = Object.keys(PACKS);
export const DEFAULT_MODEL = 'fusion';

/** @throws PackhouseError `not_found` for a model that is none of {@link MODELS} */
export function retriever(model: string, store: TenantStore, embedder: Embedder): Retriever {
  const pack = Object.hasOwn(PACKS, model) ? PACKS[model] : undefined;
  if (pack) return pack(store, embedder);
  throw new PackhouseError('not_found', `There is no model ${model}; there is ${MODELS.join(', ')}.`, { param: 'model' });
}

/** Answers in a chat model's words where one is configured, else in the documents' own. */
export function answerer(retriever: Retriever, chat: ChatModel | undefined): Answerer {
  return chat ? synthesis({ retriever, chat }) : extractive({ retriever });
}
