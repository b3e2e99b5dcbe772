import type { Chunk } from '../passage.js';
import type { Retriever } from '../ports/retriever.js';
import { chunk } from './fakes/chunk.js';

const texts = [
  'A refund is paid within ten days of the request.',
  'The refund request needs the receipt.',
  'Without a receipt the refund is a voucher.',
  'A voucher is valid for a year; a refund of it is not possible.',
  'Parcels that weigh more than thirty kilograms are fetched by a lorry; no refund.',
];

const CHUNKS: readonly Chunk[] = ['terms', 'news'].flatMap((collection) =>
  texts.map((text, ordinal) =>
    chunk({
      id: `${collection} ${ordinal}`,
      collection,
      documentId: `${collection}.txt`,
      ordinal,
      text,
      attributes: { year: 2020 + ordinal },
    }),
  ),
);

/**
 * What every retriever does. `make` gives one that searches these chunks, and would find each of them for a question
 * about refunds.
 */
export function describeRetriever(name: string, make: (chunks: readonly Chunk[]) => Retriever | Promise<Retriever>) {
  describe(`${name} as a Retriever`, () => {
    const question = { text: 'refund receipt', limit: 4 };

    it('has a name', async () => {
      expect((await make(CHUNKS)).name).not.toBe('');
    });

    it.each([1, 4, 10])('finds at most %i hits, best first, each once', async (limit) => {
      const hits = await (await make(CHUNKS)).retrieve({ ...question, limit });
      expect(hits.length).toBeGreaterThan(0);
      expect(hits.length).toBeLessThanOrEqual(limit);
      expect(new Set(hits.map((hit) => hit.chunk.id)).size).toBe(hits.length);
      const scores = hits.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    });

    it('hands out the chunks it was given', async () => {
      for (const hit of await (await make(CHUNKS)).retrieve(question)) {
        expect(hit.chunk).toEqual(CHUNKS.find(({ id }) => id === hit.chunk.id));
      }
    });

    it('looks only where it is told to', async () => {
      const retriever = await make(CHUNKS);
      const hits = await retriever.retrieve({ ...question, limit: 10, collections: ['terms'] });
      expect(hits.length).toBeGreaterThan(0);
      expect(new Set(hits.map((hit) => hit.chunk.collection))).toEqual(new Set(['terms']));
      expect(await retriever.retrieve({ ...question, collections: [] })).toEqual([]);
    });

    it('passes over what a filter refuses, and still fills the limit', async () => {
      const retriever = await make(CHUNKS);
      const hits = await retriever.retrieve({ ...question, filter: { type: 'gte', key: 'year', value: 2023 } });
      expect(hits).toHaveLength(4);
      for (const hit of hits) expect(hit.chunk.attributes['year']).toBeGreaterThanOrEqual(2023);
    });

    it('keeps to the least score it is told, by its own scale', async () => {
      const retriever = await make(CHUNKS);
      const all = await retriever.retrieve({ ...question, limit: 10 });
      const minScore = all[Math.floor(all.length / 2)]?.score as number;
      const kept = await retriever.retrieve({ ...question, limit: 10, minScore });
      expect(kept).toEqual(all.filter(({ score }) => score >= minScore));
    });

    it('answers the same question the same way', async () => {
      const retriever = await make(CHUNKS);
      expect(await retriever.retrieve(question)).toEqual(await retriever.retrieve(question));
    });

    it('does not begin for a caller who has gone away', async () => {
      const retriever = await make(CHUNKS);
      await expect(retriever.retrieve(question, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    });
  });
}
