import { passes, tenantId, type Attributes, type Filter } from '@packhouse/core';
import { chunk } from '@packhouse/core/testing';
import fc from 'fast-check';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { chunkStore } from './chunk-store.js';

const KEYS = [
  'a',
  `x') or true--`,
  '__proto__',
  'constructor',
  `"q"'`,
  'ключ',
  '$1',
  '{',
  'k\\',
  'with \0',
  'half \uD800',
];
const TEXTS = [
  '',
  'a',
  'A',
  'b',
  'ä',
  'z',
  '\u{FFFD}',
  '\u{1F34B}',
  '2024',
  'true',
  'null',
  `' or 1=1--`,
  'a\0',
  '\uD800',
  '"',
];
const NUMBERS = [0, -0, 1, -1, 2024, 0.1, 0.30000000000000004, 1e21, 5e-324, Number.MAX_VALUE, 2 ** 53];

const key = fc.constantFrom(...KEYS);
const value = fc.oneof(
  fc.constantFrom(...TEXTS, ...NUMBERS),
  fc.boolean(),
  fc.string({ maxLength: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    fc.record({ type: fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte'), key, value }),
    fc.record({ type: fc.constantFrom('in', 'nin'), key, value: fc.array(value, { maxLength: 4 }) }),
    fc.record({ type: fc.constantFrom('and', 'or'), filters: fc.array(tie('filter'), { maxLength: 3 }) }),
  ),
}));
/** Each with most keys, so that filters find something to compare with. */
const attributes = fc.dictionary(key, value, { minKeys: 3, maxKeys: KEYS.length });

describe.each(testDatabases())('a filter on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  const embedding = { model: 'm', vector: Float32Array.of(1, 0) };
  const options = (each: Filter) => ({ limit: 100, filter: each });

  it('passes what `passes` passes, in every search, whatever its keys and values hold', async () => {
    const store = chunkStore(database.db).forTenant(tenantId('acme'));
    const all = fc.sample(attributes, 60).map((each, ordinal) => documentWith(each, ordinal));
    await store.replaceDocument(
      { collection: 'docs', documentId: 'doc' },
      all.map((each) => ({ ...each, embedding })),
    );
    const stored = await store.byIds(all.map(({ id }) => id));
    await fc.assert(
      fc.asyncProperty(filter, async (each) => {
        const expected = stored.filter((one) => passes(one.attributes, each)).map(({ id }) => id);
        const found = [
          await store.nearest(embedding, options(each)),
          await store.matching('refund', options(each)),
          await store.hybrid({ text: 'refund', embedding, weights: { lexical: 1, dense: 1 } }, options(each)),
        ];
        for (const hits of found) expect(hits.map((hit) => hit.chunk.id).sort()).toEqual(expected.toSorted());
      }),
      { numRuns: 60 },
    );
  });
});

const documentWith = (attributes: Attributes, ordinal: number) =>
  chunk({ id: `chunk ${ordinal}`, text: 'A refund.', ordinal, attributes });
