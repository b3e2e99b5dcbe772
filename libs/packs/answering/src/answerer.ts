import { NO_USAGE, PackhouseError, type Answerer, type AnswerEvent } from '@packhouse/core';

/** An answerer from how it streams: its answer is the end of the stream. */
export function answerer(name: string, stream: Answerer['stream']): Answerer {
  return {
    name,
    stream,
    async answer(query, signal) {
      for await (const event of stream(query, signal)) if (event.type === 'done') return event.answer;
      throw new PackhouseError('internal', `The stream of ${name} ended without an answer.`);
    },
  };
}

/** What is said where the documents hold no answer. */
export const NOTHING_FOUND = 'Nothing was found in the documents that answers this question.';

export function* nothingFound(): Generator<AnswerEvent> {
  yield { type: 'text', text: NOTHING_FOUND };
  yield { type: 'done', answer: { text: NOTHING_FOUND, citations: [], usage: NO_USAGE } };
}
