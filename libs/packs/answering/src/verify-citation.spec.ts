import type { Citation } from '@packhouse/core';
import { chunk } from '@packhouse/core/testing';
import { verified, verifyCitation } from './verify-citation.js';

const source = chunk({
  text: '📦 first. A refund 💶 is paid.',
  span: { start: 50, end: 78 },
  pages: [
    { number: 3, start: 40 },
    { number: 4, start: 59 },
  ],
});
const true_: Citation = {
  chunkId: source.id,
  collection: source.collection,
  documentId: source.documentId,
  source: source.source,
  page: 4,
  quote: 'A refund 💶 is paid.',
  span: { start: 59, end: 78 },
  cites: { start: 0, end: 4 },
};

const planted: [string, Partial<Citation>][] = [
  ['a quote that is not there', { quote: 'A refund 💶 is due!!' }],
  ['a quote changed by one letter', { quote: 'A refund 💶 is paid,' }],
  ['no quote', { quote: '', span: { start: 59, end: 59 } }],
  ['a span one off', { span: { start: 58, end: 77 } }],
  ['a span before the chunk', { span: { start: 9, end: 28 } }],
  ['another page', { page: 3 }],
  ['another chunk', { chunkId: 'other' }],
  ['another document', { documentId: 'other' }],
  ['another collection', { collection: 'other' }],
  ['another source', { source: 'other' }],
];

describe('verifyCitation', () => {
  it('holds a true one', () => {
    expect(verifyCitation(true_, source)).toBe(true);
  });

  it.each(planted)('refuses %s', (_name, part) => {
    expect(verifyCitation({ ...true_, ...part }, source)).toBe(false);
  });
});

describe('verified', () => {
  const usage = { inputTokens: 1, outputTokens: 2 };
  const answerWith = (...citations: Citation[]) => ({ text: 'Paid.', citations, usage });

  it('keeps what holds, and the rest of the answer', () => {
    expect(verified(answerWith(true_), [source])).toEqual(answerWith(true_));
  });

  it.each<[string, Partial<Citation>]>([
    ...planted,
    ['a part that the answer does not have', { cites: { start: 3, end: 6 } }],
    ['an empty part', { cites: { start: 2, end: 2 } }],
  ])('drops %s', (_name, part) => {
    expect(verified(answerWith({ ...true_, ...part }, true_), [source])).toEqual(answerWith(true_));
  });
});
