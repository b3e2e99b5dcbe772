import {
  codePointLength,
  NO_USAGE,
  PackhouseError,
  throwIfAborted,
  type Answerer,
  type Citation,
  type Retriever,
} from '@packhouse/core';
import { answerer, nothingFound } from './answerer.js';
import { bestQuotes } from './best-quotes.js';
import { citation } from './citation.js';
import { verified } from './verify-citation.js';

const BETWEEN = '\n\n';

export interface ExtractiveOptions {
  /** Finds the passages; the query's limit is how many. */
  retriever: Retriever;
  /** At most so many sentences are quoted, 1 or more. @default 3 */
  sentences?: number;
}

/**
 * Answers without a model: with the sentences found that answer best, word for word, a paragraph each, wrapped lines
 * left wrapped. Each is a citation of itself. Where no sentence shares a word with the question it says that nothing was
 * found.
 *
 * @example
 * const { text, citations } = await extractive({ retriever }).answer({ text: 'When is a refund paid?', limit: 10 });
 *
 * @throws PackhouseError `invalid_request` at once for no sentences, and the retriever's own
 */
export function extractive({ retriever, sentences = 3 }: ExtractiveOptions): Answerer {
  if (!(Number.isInteger(sentences) && sentences >= 1))
    throw new PackhouseError('invalid_request', 'sentences is a whole number from 1.', { param: 'sentences' });

  return answerer(`extractive(${retriever.name})`, async function* (query, signal) {
    throwIfAborted(signal);
    const hits = await retriever.retrieve(query, signal);
    const quotes = bestQuotes(query.text, hits, sentences);
    if (quotes.length === 0) return yield* nothingFound();

    let text = '';
    const citations: Citation[] = [];
    for (const quote of quotes) {
      throwIfAborted(signal);
      const before = text === '' ? '' : BETWEEN;
      const start = codePointLength(text + before);
      citations.push(citation(quote, { start, end: start + codePointLength(quote.text) }));
      text += before + quote.text;
      yield { type: 'text', text: before + quote.text };
    }
    throwIfAborted(signal);
    const chunks = hits.map(({ chunk }) => chunk);
    yield { type: 'done', answer: verified({ text, citations, usage: NO_USAGE }, chunks) };
  });
}
