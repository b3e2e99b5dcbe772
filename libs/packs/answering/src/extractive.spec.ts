import { lexical, sliceCodePoints, tenantId, type Citation } from '@packhouse/core';
import {
  chunk,
  describeAnswerer,
  fillStore,
  listRetriever,
  memoryChunkStore,
  wordEmbedder,
} from '@packhouse/core/testing';
import { NOTHING_FOUND } from './answerer.js';
import { extractive } from './extractive.js';

describeAnswerer('extractive', async (chunks) => {
  const store = memoryChunkStore().forTenant(tenantId('acme'));
  await fillStore(store, chunks, wordEmbedder());
  return extractive({ retriever: lexical(store) });
});

const retriever = (...texts: string[]) =>
  listRetriever(
    'list',
    texts.map((text) => ({ chunk: chunk({ text }), score: 1 })),
  );
const question = { text: 'When is a refund paid?', limit: 5 };

describe('extractive', () => {
  it('is named after its retriever', () => {
    expect(extractive({ retriever: retriever() }).name).toBe('extractive(list)');
  });

  it('quotes word for word, a paragraph each, wrapped lines and all', async () => {
    const wrapped = 'A refund 💶 is paid\nwithin ten days of the request.';
    const other = 'Any other refund is paid as a voucher.';
    const { text, citations } = await extractive({ retriever: retriever(`${wrapped} Then 📦.`, other) }).answer(
      question,
    );
    expect(text).toBe(`${wrapped}\n\n${other}`);
    expect(citations.map(({ quote }) => quote)).toEqual([wrapped, other]);
    for (const { cites, quote } of citations) expect(sliceCodePoints(text, cites.start, cites.end)).toBe(quote);
  });

  it('streams sentence by sentence', async () => {
    const answerer = extractive({
      retriever: retriever('A refund is paid soon enough.', 'Refunds to banks are paid late.'),
    });
    const texts: string[] = [];
    for await (const event of answerer.stream(question)) if (event.type === 'text') texts.push(event.text);
    expect(texts).toEqual(['A refund is paid soon enough.', '\n\nRefunds to banks are paid late.']);
  });

  it('quotes no more sentences than it is told to', async () => {
    const many = Array.from(
      { length: 9 },
      (_, index) => `Refund number${index} is paid by clerk${index} on day${index}.`,
    );
    const citationsOf = async (options: { sentences?: number }): Promise<readonly Citation[]> =>
      (await extractive({ retriever: retriever(...many), ...options }).answer(question)).citations;
    expect(await citationsOf({})).toHaveLength(3);
    expect(await citationsOf({ sentences: 1 })).toHaveLength(1);
    for (const sentences of [0, 1.5, NaN])
      expect(() => extractive({ retriever: retriever(), sentences })).toThrow(
        expect.objectContaining({ code: 'invalid_request', param: 'sentences' }),
      );
  });

  it('says that nothing was found', async () => {
    const { text } = await extractive({ retriever: retriever('Parcels are green.') }).answer(question);
    expect(text).toBe(NOTHING_FOUND);
  });
});
