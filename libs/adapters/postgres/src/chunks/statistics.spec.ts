import { tenantId, type TenantId } from '@packhouse/core';
import { chunk, fillStore, wordEmbedder } from '@packhouse/core/testing';
import fc from 'fast-check';
import { asTenant } from '../db/db.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { english } from './analysis/english.js';
import { termIndex } from './analysis/term-index.js';
import { chunkStore } from './chunk-store.js';
import { TOLERANCE } from './corpus.js';

const WORDS = ['refund', 'parcel', 'voucher', 'receipt', 'lorry', 'customer', 'week', 'box'];
const embedder = wordEmbedder(8);

/** Documents by name, each the texts of its chunks. */
type Documents = Map<string, string[]>;

/** Chunks of one to a hundred words, so that the mean length moves a good deal. */
const text = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 12 })
  .chain((words) => fc.constantFrom(1, 2, 8).map((times) => Array(times).fill(words.join(' ')).join(' ')));
const step = fc.record({
  document: fc.constantFrom('a', 'b', 'c', 'd'),
  texts: fc.uniqueArray(text, { maxLength: 4 }),
});

describe.each(testDatabases())('the statistics of BM25 on $name', ({ open }) => {
  let database: TestDatabase;
  let tenants = 0;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  const replace = async (tenant: TenantId, documentId: string, texts: readonly string[]) => {
    const store = chunkStore(database.db).forTenant(tenant);
    const chunks = texts.map((each, ordinal) =>
      chunk({ id: `${documentId}: ${each}`, documentId, ordinal, text: each }),
    );
    if (texts.length === 0) await store.deleteDocument({ collection: 'docs', documentId });
    else await fillStore(store, chunks, embedder);
  };
  const statistics = (tenant: TenantId) =>
    asTenant(database.db, tenant, async (tx) => {
      const [corpus] = await tx.query<{ chunks: number; terms: number; weighted: number }>(
        'select chunks, terms, weighted_length as weighted from packhouse.corpus',
      );
      const terms = await tx.query<{ term: number; chunks: number }>(
        'select term, chunks from packhouse.term_frequencies',
      );
      return { corpus, terms: new Map(terms.map(({ term, chunks }) => [term, chunks])) };
    });

  it('equal a recount, and searches BM25 done by hand, whatever was written', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const tenant = tenantId(`tenant-${++tenants}`);
        const documents: Documents = new Map();
        for (const { document, texts } of steps) {
          documents.set(document, texts);
          await replace(tenant, document, texts);
        }
        const texts = [...documents.values()].flat();
        const lengths = texts.map((each) => english.terms(each).length);
        const { corpus, terms } = await statistics(tenant);
        const total = lengths.reduce((sum, length) => sum + length, 0);
        expect({ chunks: corpus?.chunks ?? 0, terms: corpus?.terms ?? 0 }).toEqual({
          chunks: texts.length,
          terms: total,
        });
        expect(terms).toEqual(documentFrequencies(texts));
        if (!corpus || texts.length === 0) return;
        expect(Math.abs(total / texts.length / corpus.weighted - 1)).toBeLessThanOrEqual(TOLERANCE);
        const found = await chunkStore(database.db).forTenant(tenant).matching('refund box refund', { limit: 100 });
        const expected = bm25(texts, english.terms('refund box refund'), corpus.weighted);
        expect(found.map(({ score }) => score.toFixed(4))).toEqual(expected.map((score) => score.toFixed(4)));
      }),
      { numRuns: 25 },
    ));

  it('stay true when many write at once, and nobody waits for ever', async () => {
    const tenant = tenantId('busy');
    const names = Array.from({ length: 12 }, (_, index) => `document ${index}`);
    await Promise.all(names.map((name, index) => replace(tenant, name, textsOf(index))));
    await Promise.all(names.map((name, index) => replace(tenant, name, index % 3 ? textsOf(index + 1) : [])));
    const left = names.flatMap((_, index) => (index % 3 ? textsOf(index + 1) : []));
    const { corpus, terms } = await statistics(tenant);
    expect(corpus?.chunks).toBe(left.length);
    expect(terms).toEqual(documentFrequencies(left));
  });
});

const textsOf = (number: number) => [
  `refund parcel ${WORDS[number % 8]} ${number}`,
  `voucher ${WORDS[(number * 3) % 8]}`,
];

function documentFrequencies(texts: readonly string[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const each of texts) {
    for (const term of new Set(english.terms(each))) found.set(termIndex(term), (found.get(termIndex(term)) ?? 0) + 1);
  }
  return found;
}

/** By the book, as a share of what the terms could reach; best first, without chunks that match nothing. */
function bm25(texts: readonly string[], asked: readonly string[], mean: number): number[] {
  const chunks = texts.map((each) => english.terms(each));
  const idf = (term: string) => {
    const having = chunks.filter((terms) => terms.includes(term)).length;
    return Math.log(1 + (chunks.length - having + 0.5) / (having + 0.5));
  };
  const weight = (terms: readonly string[], term: string) => {
    const count = terms.filter((each) => each === term).length;
    return (count * 2.2) / (count + 1.2 * (0.25 + (0.75 * terms.length) / mean));
  };
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const best = sum(asked.map(idf)) * 2.2;
  return chunks
    .map((terms) => sum(asked.map((term) => idf(term) * weight(terms, term))) / best)
    .filter((score) => score > 0)
    .sort((a, b) => b - a);
}
