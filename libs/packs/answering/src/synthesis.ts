import {
  estimateTokens,
  PackhouseError,
  throwIfAborted,
  type Answerer,
  type ChatModel,
  type Completion,
  type Hit,
  type Retriever,
} from '@packhouse/core';
import { answerer, nothingFound } from './answerer.js';
import { citing } from './citing.js';
import { passages, type Passage } from './passages.js';
import { INSTRUCTIONS, prompt } from './prompt.js';
import { verified } from './verify-citation.js';

/** Most tokens of an answer; a quarter of the context window where that is less. */
const ANSWER_TOKENS = 1024;

export interface SynthesisOptions {
  /** Finds the passages; the query's limit is how many. */
  retriever: Retriever;
  chat: ChatModel;
}

/**
 * Lets a chat model answer from numbered passages and mark each claim with the number of the one it rests on. A marker is
 * kept, and a citation made of it, only where a sentence of that passage supports the claim by its words and numbers;
 * the others are taken out of the text. Where nothing was retrieved the model is not asked.
 *
 * Passages fill the context window best first, at an estimate of a token for three bytes of UTF-8.
 *
 * @example
 * const { text, citations } = await synthesis({ retriever, chat }).answer({ text: 'When is a refund paid?', limit: 10 });
 *
 * @throws PackhouseError `too_large` where the question leaves no room for passages, `provider_refused` where the
 *   provider withheld the answer, `provider_failed` for an empty one, and the retriever's and the model's own
 */
export function synthesis({ retriever, chat }: SynthesisOptions): Answerer {
  const maxTokens = Math.min(ANSWER_TOKENS, Math.floor(chat.contextWindow / 4));

  return answerer(`synthesis(${retriever.name})`, async function* (query, signal) {
    throwIfAborted(signal);
    const hits = await retriever.retrieve(query, signal);
    if (hits.length === 0) return yield* nothingFound();

    const given = fitting(query.text, hits, chat.contextWindow - maxTokens);
    const answer = citing(given);
    const options = { maxTokens, temperature: 0, ...(signal && { signal }) };
    let completion: Completion | undefined;
    for await (const event of chat.stream(prompt(query.text, given), options)) {
      throwIfAborted(signal);
      if (event.type === 'done') completion = event.completion;
      else yield* textEvent(answer.push(event.text));
    }
    yield* textEvent(answer.end());

    const { usage } = checked(completion, answer.text, chat.model);
    throwIfAborted(signal);
    const { text, citations } = answer;
    yield {
      type: 'done',
      answer: verified(
        { text, citations, usage },
        given.map(({ chunk }) => chunk),
      ),
    };
  });
}

function fitting(question: string, hits: readonly Hit[], budget: number): Passage[] {
  const given = passages(hits, budget - estimateTokens(INSTRUCTIONS + question));
  if (given.length > 0) return given;
  throw new PackhouseError('too_large', 'The question leaves no room for passages in the context window of the model.');
}

function* textEvent(text: string) {
  if (text !== '') yield { type: 'text', text } as const;
}

function checked(completion: Completion | undefined, text: string, model: string): Completion {
  if (completion?.finish === 'filtered')
    throw new PackhouseError('provider_refused', `The provider of ${model} withheld the answer.`);
  if (!completion || text.trim() === '') throw new PackhouseError('provider_failed', `${model} gave no answer.`);
  return completion;
}
