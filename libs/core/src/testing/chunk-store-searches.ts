import { passes, type Filter } from '../filter.js';
import type { Chunk, Hit } from '../passage.js';
import type { HybridQuestion, SearchOptions, TenantStore } from '../ports/chunk-store.js';
import { chunk } from './fakes/chunk.js';
import { DOCUMENT, embed, idsOf, MODEL, put } from './put-chunks.js';

/** Undefined from a store that has no such search. */
type Search = (options: SearchOptions, signal?: AbortSignal) => Promise<Hit[] | undefined>;

const QUESTION = 'refund of a parcel';

async function hybridQuestion(weights = { lexical: 0.7, dense: 0.3 }): Promise<HybridQuestion> {
  return { text: QUESTION, embedding: await embed(QUESTION), weights };
}

/** What every chunk store's searches do; `makeStore` gives an empty one. */
export function describeSearches(makeStore: () => TenantStore) {
  describe('search', () => {
    const corpus = manyChunks();
    let store: TenantStore;

    beforeAll(async () => {
      store = makeStore();
      await put(store, corpus);
      const news = corpus.slice(0, 5).map((each) => ({ ...each, id: `news ${each.id}`, collection: 'news' }));
      await put(store, news, { ...DOCUMENT, collection: 'news' });
    });

    const searches: Record<string, Search> = {
      nearest: async (options, signal) => store.nearest(await embed(QUESTION), options, signal),
      matching: async (options, signal) => store.matching?.(QUESTION, options, signal),
      hybrid: async (options, signal) => store.hybrid?.(await hybridQuestion(), options, signal),
    };

    describe.each(Object.entries(searches))('%s', (_, search) => {
      it.each([1, 3, 24])('gives exactly %i hits where there are more, best first, each once', async (limit) => {
        const hits = await search({ limit });
        if (!hits) return;
        expect(hits).toHaveLength(limit);
        expect(new Set(idsOf(hits)).size).toBe(limit);
        const scores = hits.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      });

      it('gives whole chunks', async () => {
        for (const hit of (await search({ limit: 3, collections: ['docs'] })) ?? []) {
          expect(hit.chunk).toEqual(corpus.find(({ id }) => id === hit.chunk.id));
        }
      });

      it('looks only where it is told to', async () => {
        const hits = await search({ limit: 100, collections: ['news'] });
        if (!hits) return;
        expect(hits.map(({ chunk }) => chunk.collection)).toEqual(Array(5).fill('news'));
        expect(await search({ limit: 100, collections: ['nowhere', 'with \0'] })).toEqual([]);
        expect(await search({ limit: 100, collections: [] })).toEqual([]);
      });

      it.each(FILTERS)('filtered by %j gives exactly as many as pass, or the limit', async (filter) => {
        const all = await search({ limit: 100 });
        if (!all) return;
        const pass = all.filter(({ chunk }) => passes(chunk.attributes, filter)).map(({ chunk }) => chunk.id);
        expect(idsOf((await search({ limit: 100, filter })) ?? []).sort()).toEqual(pass.sort());
        expect(await search({ limit: 3, filter })).toHaveLength(Math.min(3, pass.length));
      });

      it('keeps hits that score as much as it is told, and no others', async () => {
        const all = await search({ limit: 30 });
        if (!all) return;
        for (const { score: minScore } of [all[0], all[9], all[29]] as Hit[]) {
          const kept = await search({ limit: 30, minScore });
          expect(idsOf(kept ?? [])).toEqual(idsOf(all.filter(({ score }) => score >= minScore)));
        }
        expect(await search({ limit: 30, minScore: 2 })).toEqual([]);
      });

      it('does not begin for a caller who has gone away', async () => {
        if (!(await search({ limit: 1 }))) return;
        await expect(search({ limit: 3 }, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
      });
    });

    it('finds the nearest by cosine', async () => {
      const { vector } = await embed(QUESTION);
      const cosines = new Map<string, number>();
      for (const { id, text } of corpus) cosines.set(id, dot((await embed(text)).vector, vector));
      const best = [...cosines.values()].sort((a, b) => b - a);
      const hits = await store.nearest(await embed(QUESTION), { limit: 10, collections: ['docs'] });
      hits.forEach((hit, index) => {
        expect(hit.score).toBeCloseTo(cosines.get(hit.chunk.id) as number, 2);
        expect(hit.score).toBeCloseTo(best[index] as number, 2);
      });
    });

    it('compares vectors of the same model only', async () => {
      const { vector } = await embed(QUESTION);
      expect(await store.nearest({ model: 'unknown', vector }, { limit: 100 })).toEqual([]);
    });

    it('refuses a vector of another length than its model has', async () => {
      const wrong = store.nearest({ model: MODEL, vector: Float32Array.of(1, 0) }, { limit: 100 });
      await expect(wrong).rejects.toMatchObject({ code: 'dimension_mismatch' });
    });

    it('matches words, scores them from 0 to 1, and has no hits for words that are nowhere', async () => {
      if (!store.matching) return;
      const hits = await store.matching('voucher', { limit: 100 });
      expect(hits.length).toBeGreaterThan(0);
      expect(hits.length).toBeLessThan(corpus.length);
      for (const { chunk, score } of hits) {
        expect(chunk.text).toContain('voucher');
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThanOrEqual(1);
      }
      expect(await store.matching('zyzzyva', { limit: 100 })).toEqual([]);
      expect(await store.matching('?! ', { limit: 100 })).toEqual([]);
    });

    const demands: [string, (text: string) => boolean][] = [
      ['refund "number 7 of a REFUND"', (text) => text.includes('number 7 of')],
      ['"number 1 of"', (text) => text.includes('number 1 of')],
      ['refund +lorry', (text) => text.includes('lorry')],
      ['refund +voucher +lorry', (text) => text.includes('voucher') && text.includes('lorry')],
      ['+refund +zyzzyva', () => false],
      ['refund "refund number"', () => false],
      ['Is a "lorry refund" +zyzzyva?', (text) => text.includes('refund')],
    ];
    it.each(demands)('meets the demands of %j with words, and with both', async (text, meets) => {
      if (!store.matching) return;
      const found = idsOf(await store.matching(text, { limit: 100 }));
      const expected = idsOf(await store.nearest(await embed('refund'), { limit: 100 }))
        .filter((id) => meets(corpus.find((each) => id.endsWith(each.id))?.text ?? ''))
        .sort();
      expect(found.sort()).toEqual(expected);
      if (!store.hybrid || text.endsWith('?')) return;
      const both = await store.hybrid({ ...(await hybridQuestion()), text }, { limit: 100 });
      expect(idsOf(both).sort()).toEqual(expected);
    });

    it.each([
      { lexical: 0.7, dense: 0.3 },
      { lexical: 1, dense: 1 },
      { lexical: 0, dense: 1 },
    ])('merges both searches by reciprocal rank, weighted %o', async (weights) => {
      if (!store.hybrid || !store.matching) return;
      const byWords = idsOf(await store.matching(QUESTION, { limit: 100 }));
      const byVector = idsOf(await store.nearest(await embed(QUESTION), { limit: 100 }));
      const share = (weight: number, ids: string[], id: string) =>
        weight / (60 + (ids.includes(id) ? ids.indexOf(id) + 1 : 101));
      const shares = new Map(
        [...byWords, ...byVector].map((id) => [
          id,
          share(weights.lexical, byWords, id) + share(weights.dense, byVector, id),
        ]),
      );
      const best = [...shares.values()].sort((a, b) => b - a).slice(0, 10);
      const hits = await store.hybrid(await hybridQuestion(weights), { limit: 10 });
      hits.forEach(({ chunk, score }) => expect(score).toBeCloseTo(shares.get(chunk.id) ?? NaN, 9));
      const found = idsOf(hits).map((id) => shares.get(id) ?? 0);
      expect(found.map((share) => share.toFixed(9))).toEqual(best.map((share) => share.toFixed(9)));
    });

    it('finds by words alone where no vector is of the model asked', async () => {
      if (!store.hybrid || !store.matching) return;
      const unknown = { ...(await hybridQuestion()), embedding: { model: 'unknown', vector: Float32Array.of(1) } };
      const byWords = await store.matching(QUESTION, { limit: 5 });
      expect(idsOf(await store.hybrid(unknown, { limit: 5 }))).toEqual(idsOf(byWords));
    });
  });
}

const FILTERS: Filter[] = [
  { type: 'eq', key: 'even', value: true },
  { type: 'ne', key: 'kind', value: 'b' },
  { type: 'gt', key: 'n', value: 31 },
  { type: 'lte', key: 'kind', value: 'b' },
  { type: 'in', key: 'n', value: [1, 2, '3', true] },
  { type: 'nin', key: 'kind', value: ['a', 'c'] },
  { type: 'eq', key: `kind') or true --`, value: 'a' },
  { type: 'ne', key: 'with \0', value: 'with \0' },
  {
    type: 'or',
    filters: [
      { type: 'lt', key: 'n', value: 2 },
      {
        type: 'and',
        filters: [
          { type: 'gte', key: 'n', value: 35 },
          { type: 'eq', key: 'even', value: false },
        ],
      },
    ],
  },
];

const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);

/** Texts of few words in ever other numbers: near to each other in every degree. */
function manyChunks(): Chunk[] {
  const words = ['refund', 'parcel', 'voucher', 'receipt', 'lorry', 'customer', 'week'];
  return Array.from({ length: 40 }, (_, ordinal) => {
    const text = words.map((word, index) => `${word} `.repeat(((ordinal + 3) * (index + 2)) % 5)).join('');
    const kind = ordinal % 4 < 3 ? { kind: 'abc'[ordinal % 4] as string } : {};
    const attributes = { n: ordinal, even: ordinal % 2 === 0, ...kind };
    return chunk({ text: `The ${text}is number ${ordinal} of a refund or parcel.`, ordinal, attributes });
  });
}
