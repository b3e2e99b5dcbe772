import { chunk } from '@packhouse/core/testing';
import { bestQuotes } from './best-quotes.js';

const hits = (...texts: string[]) =>
  texts.map((text, rank) => ({ chunk: chunk({ id: `${rank}`, documentId: `${rank}`, text }), score: 1 / (rank + 1) }));
const quotes = (question: string, texts: string[], count = 3) =>
  bestQuotes(question, hits(...texts), count).map(({ text }) => text);

const filler = 'The parcel office opens at nine. Our lorries are green and white. Most parcels arrive on a Tuesday.';

describe('bestQuotes', () => {
  it('prefers the sentence that holds the rare words of the question', () => {
    const text = `Parcels are weighed at the office. Parcels with batteries travel by lorry, never by air. ${filler}`;
    expect(quotes('How do parcels with batteries travel?', [text])[0]).toBe(
      'Parcels with batteries travel by lorry, never by air.',
    );
  });

  it('knows a word by its stem', () => {
    expect(quotes('refunds', [`${filler} We refunded every customer within ten days.`])).toEqual([
      'We refunded every customer within ten days.',
    ]);
  });

  it('prefers a sentence to the heading that only names the matter', () => {
    const text = `Refund policy\n\nThe refund policy gives every customer ten days. ${filler}`;
    expect(quotes('What is the refund policy?', [text])[0]).toBe('The refund policy gives every customer ten days.');
  });

  it('says nothing twice where chunks overlap or documents repeat each other', () => {
    const sentence = 'A refund is paid within ten days of the request.';
    const nearly = 'A refund is paid within ten days of the request!';
    expect(quotes('refund days', [`${sentence} ${filler}`, `${filler} ${sentence}`, nearly])).toEqual([sentence]);
  });

  it('prefers the better hit of two sentences that answer the same', () => {
    const [first, second] = ['A refund takes ten days in our shop.', 'A refund takes nine weeks in other shops.'];
    expect(quotes('refund takes', [first, second], 1)).toEqual([first]);
    expect(quotes('refund takes', [second, first], 1)).toEqual([second]);
  });

  it('quotes a table by its lines', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `Article ${index} costs ${index * 7} euros plus postage`);
    expect(quotes('article 33 costs', [lines.join('\n')], 1)).toEqual([lines[33]]);
  });

  it('finds nothing in what shares no word with the question, nor in nothing', () => {
    expect(quotes('zeppelins', [filler])).toEqual([]);
    expect(quotes('When?', [filler])).toEqual([]);
    expect(quotes('', [filler])).toEqual([]);
    expect(quotes('refund', [])).toEqual([]);
    expect(quotes('refund', [' \n '])).toEqual([]);
  });

  it('leaves out what is far from the best', () => {
    const text = `Batteries of lithium must travel by lorry on weekdays. The lorry is green. ${filler}`;
    expect(quotes('How must lithium batteries travel?', [text])).toHaveLength(1);
  });
});
