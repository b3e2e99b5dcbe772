import { tenantId, type TenantId } from '@packhouse/core';
import { chunk } from '@packhouse/core/testing';
import fc from 'fast-check';
import { asTenant } from '../db/db.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { analyzerFor } from './analysis/analyzers.js';
import { termIndex } from './analysis/term-index.js';
import { TOLERANCE } from './analyses.js';
import { chunkStore } from './chunk-store.js';
import { deleteCollection } from './delete-collection.js';
import { reanalyse } from './reanalyse.js';

const WORDS = ['refund', 'parcel', 'voucher', 'receipt', 'lorry', 'customer', 'week', 'box'];
const embedding = { model: 'm', vector: Float32Array.of(1, 0) };
const LANGUAGES = ['en', 'de'] as const;
type Language = (typeof LANGUAGES)[number];

interface Document {
  readonly language: Language;
  /** Of its chunks. */
  readonly texts: readonly string[];
}

/** Chunks of one to a hundred words, so that the mean length moves a good deal. */
const text = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 12 })
  .chain((words) => fc.constantFrom(1, 2, 8).map((times) => Array(times).fill(words.join(' ')).join(' ')));
const step = fc.record({
  document: fc.constantFrom('a', 'b', 'c', 'd'),
  language: fc.constantFrom(...LANGUAGES),
  texts: fc.uniqueArray(text, { maxLength: 4 }),
});

describe.each(testDatabases())('the statistics of BM25 on $name', ({ open }) => {
  let database: TestDatabase;
  let tenants = 0;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  const storeOf = (tenant: TenantId) => chunkStore(database.db).forTenant(tenant);
  const replace = async (tenant: TenantId, documentId: string, { language, texts }: Document) => {
    const document = { collection: 'docs', documentId, language };
    const chunks = texts.map((each, ordinal) =>
      chunk({ id: `${documentId}: ${each}`, documentId, ordinal, text: each }),
    );
    if (texts.length === 0) await storeOf(tenant).deleteDocument(document);
    else
      await storeOf(tenant).replaceDocument(
        document,
        chunks.map((each) => ({ ...each, embedding })),
      );
  };
  const statistics = (tenant: TenantId) =>
    asTenant(database.db, tenant, async (tx) => {
      const [corpus] = await tx.query<{ chunks: number }>('select chunks from packhouse.corpus');
      const analyses = await tx.query<{ analyzer: string; chunks: number; terms: number; weighted: number }>(
        'select analyzer, chunks, terms, weighted_length as weighted from packhouse.analyses order by analyzer desc',
      );
      const terms = await tx.query<{ term: number; chunks: number }>(
        'select term, chunks from packhouse.term_frequencies',
      );
      return { corpus, analyses, terms: new Map(terms.map(({ term, chunks }) => [term, chunks])) };
    });

  /** That everything stored is what a recount of these documents gives; returns the mean lengths weighed with. */
  const expectTrue = async (tenant: TenantId, documents: readonly Document[]) => {
    const { corpus, analyses, terms } = await statistics(tenant);
    const used = LANGUAGES.filter((language) => textsIn(language, documents).length > 0);
    expect(analyses.map(({ analyzer }) => analyzer)).toEqual(used.map((language) => analyzerFor(language).name));
    expect(corpus?.chunks ?? 0).toBe(documents.flatMap(({ texts }) => texts).length);
    expect(terms).toEqual(documentFrequencies(documents));
    const means = used.map((language, place) => {
      const lengths = textsIn(language, documents).map((each) => analyzerFor(language).terms(each).length);
      const total = lengths.reduce((sum, length) => sum + length, 0);
      expect(analyses[place]).toMatchObject({ chunks: lengths.length, terms: total });
      const weighted = analyses[place]?.weighted as number;
      expect(Math.abs(total / lengths.length / weighted - 1)).toBeLessThanOrEqual(TOLERANCE);
      return [language, weighted] as const;
    });
    return new Map(means);
  };

  it('equal a recount, and searches BM25 done by hand, whatever was written', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const tenant = tenantId(`tenant-${++tenants}`);
        const documents = new Map<string, Document>();
        for (const { document, ...rest } of steps) {
          documents.set(document, rest);
          await replace(tenant, document, rest);
        }
        const all = [...documents.values()];
        const means = await expectTrue(tenant, all);
        const found = await storeOf(tenant).matching('refund box refund', { limit: 100 });
        const expected = Array.from(means, ([language, mean]) => bm25(language, textsIn(language, all), mean));
        const best = expected.flat().sort((a, b) => b - a);
        expect(found.map(({ score }) => score.toFixed(4))).toEqual(best.map((score) => score.toFixed(4)));
      }),
      { numRuns: 25 },
    ));

  it('follow a document into another language, and keep its vectors', async () => {
    const tenant = tenantId('polyglot');
    const texts = ['Die Häuser am Hafen.', 'Der Hafen war voller Kisten.'];
    await replace(tenant, 'a', { language: 'en', texts });
    expect(await storeOf(tenant).matching('Haus', { limit: 5 })).toEqual([]);
    const document = { collection: 'docs', documentId: 'a', language: 'de-CH' };
    const chunks = texts.map((each, ordinal) => chunk({ id: `a: ${each}`, documentId: 'a', ordinal, text: each }));
    expect(await storeOf(tenant).replaceDocument(document, chunks)).toEqual({ added: 0, kept: 2, removed: 0 });
    expect(await storeOf(tenant).matching('Haus', { limit: 5 })).toHaveLength(1);
    await expectTrue(tenant, [{ language: 'de', texts }]);
  });

  it('rank documents of several languages by one scale', async () => {
    const tenant = tenantId('mixed');
    const put = (documentId: string, language: string, each: string) =>
      storeOf(tenant).replaceDocument({ collection: 'docs', documentId, language }, [
        { ...chunk({ id: documentId, documentId, text: each }), embedding },
      ]);
    await put('en', 'en', 'Houses by the harbour were sold.');
    await put('de', 'de', 'Die Häuser am Hafen wurden verkauft.');
    await put('zh', 'zh', '港口边的房子已售出。');
    await put('code', 'zxx', 'function sellHouse(harbour) {}');
    for (const [question, expected] of [
      ['house', ['code', 'en']],
      ['Haus', ['de']],
      ['房子', ['zh']],
      ['sellhouse', ['code']],
      ['+Häuser verkauft', ['de']],
      ['"the harbour"', ['en']],
      ['"边的房子"', ['zh']],
    ] as const) {
      const hits = await storeOf(tenant).matching(question, { limit: 5 });
      expect(hits.map((hit) => hit.chunk.id).sort()).toEqual(expected);
      for (const { score } of hits) expect(score > 0 && score < 1).toBe(true);
    }
  });

  it('are asked by a language too that another process has brought since the last search', async () => {
    const tenant = tenantId('polyglot');
    const store = storeOf(tenant);
    const embedding = { model: 'unknown', vector: Float32Array.of(1) };
    const weights = { lexical: 1, dense: 1 };
    const found = async () => [
      (await store.matching('refund Haus', { limit: 5 })).length,
      (await store.hybrid({ text: 'refund Haus', embedding, weights }, { limit: 5 })).length,
    ];
    await replace(tenant, 'a', { language: 'en', texts: ['refund'] });
    expect(await found()).toEqual([1, 1]);
    await replace(tenant, 'b', { language: 'de', texts: ['Häuser'] });
    expect(await found()).toEqual([2, 2]);
    await replace(tenant, 'a', { language: 'en', texts: [] });
    expect(await found()).toEqual([1, 1]);
  });

  it('outlive a change of rules: what older rules analysed is found again once it is analysed anew', async () => {
    const tenant = tenantId('upgraded');
    const texts = ['refund', 'refund voucher', 'parcel'];
    await replace(tenant, 'a', { language: 'en', texts });
    await asTenant(database.db, tenant, (tx) =>
      tx.query(`update packhouse.chunk_terms set analyzer = 'en/0'; update packhouse.analyses set analyzer = 'en/0'`),
    );
    expect(await storeOf(tenant).matching('refund', { limit: 5 })).toEqual([]);
    await replace(tenant, 'b', { language: 'en', texts: ['voucher'] });
    expect(await reanalyse(database.db, tenant)).toBe(3);
    expect(await reanalyse(database.db, tenant)).toBe(0);
    expect(await storeOf(tenant).matching('refund', { limit: 5 })).toHaveLength(2);
    await expectTrue(tenant, [{ language: 'en', texts: [...texts, 'voucher'] }]);
  });

  it('are what a whole collection leaves when it goes, in more than one batch', async () => {
    const tenant = tenantId('emptied');
    const stays: Document = { language: 'en', texts: ['refund voucher', 'parcel'] };
    await replace(tenant, 'a', stays);
    const document = { collection: 'other', documentId: 'b' };
    const chunks = Array.from({ length: 1_001 }, (_, ordinal) => ({
      ...chunk({ ...document, id: `b: ${ordinal}`, ordinal, text: `${WORDS[ordinal % 8]} and more, ${ordinal} times` }),
      embedding,
    }));
    await storeOf(tenant).replaceDocument(document, chunks);
    const deleted = (collection: string) => asTenant(database.db, tenant, (tx) => deleteCollection(tx, collection));
    expect(await deleted('other')).toBe(1_001);
    expect(await deleted('other')).toBe(0);
    await expectTrue(tenant, [stays]);
  });

  it('stay true when many write at once, and nobody waits for ever', async () => {
    const tenant = tenantId('busy');
    const names = Array.from({ length: 12 }, (_, index) => `document ${index}`);
    const after = (index: number): Document => ({ language: 'de', texts: index % 3 ? textsOf(index + 1) : [] });
    await Promise.all(names.map((name, index) => replace(tenant, name, { language: 'en', texts: textsOf(index) })));
    await Promise.all(names.map((name, index) => replace(tenant, name, after(index))));
    await expectTrue(
      tenant,
      names.map((_, index) => after(index)),
    );
  });
});

const textsOf = (number: number) => [
  `refund parcel ${WORDS[number % 8]} ${number}`,
  `voucher ${WORDS[(number * 3) % 8]}`,
];

function textsIn(language: Language, documents: readonly Document[]): string[] {
  return documents.filter((document) => document.language === language).flatMap(({ texts }) => texts);
}

function documentFrequencies(documents: readonly Document[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const { language, texts } of documents) {
    const analyzer = analyzerFor(language);
    for (const each of texts) {
      const indices = [...new Set(analyzer.terms(each))].map(termIndex(analyzer.name));
      for (const index of indices) found.set(index, (found.get(index) ?? 0) + 1);
    }
  }
  return found;
}

/** By the book, as a share of what the terms could reach; best first, without chunks that match nothing. */
function bm25(language: Language, texts: readonly string[], mean: number): number[] {
  const { terms: termsOf } = analyzerFor(language);
  const asked = termsOf('refund box refund');
  const chunks = texts.map((each) => termsOf(each));
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
