import fc from 'fast-check';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import type { SparseVector } from './sparse-vector.js';
import { arrayBinary, sparsevecBinary, vectorBinary } from './vectors-binary.js';

/** Each is written by us, received by pgvector, and read by pgvector's own npm package. */
describe.each(testDatabases())('binary vectors on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  const RUNS = { numRuns: 50 };
  const float = fc.float({ noNaN: true, noDefaultInfinity: true });
  const vector = fc.float32Array({ minLength: 1, maxLength: 300, noNaN: true, noDefaultInfinity: true });
  const entries = fc
    .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 1_000_000_000 }), float), {
      selector: ([index]) => index,
      minLength: 1,
    })
    .map((pairs) => new Map(pairs.filter(([, value]) => value !== 0)))
    .filter((map) => map.size > 0);
  const read = async <T>(sql: string, param: Buffer): Promise<T[]> =>
    (await database.db.query<{ value: T }>(sql, [param])).map(({ value }) => value);

  it('are read back as the vector that was written', () =>
    fc.assert(
      fc.asyncProperty(vector, async (written) => {
        const [value] = await read<number[]>('select $1::vector as value', vectorBinary(written));
        expect(Float32Array.from(value ?? [])).toEqual(written);
      }),
      RUNS,
    ));

  it('are read back as the sparse vector that was written', () =>
    fc.assert(
      fc.asyncProperty(entries, async (written) => {
        const [value] = await read<SparseVector>(
          'select $1::sparsevec as value',
          sparsevecBinary(written, 1_000_000_000),
        );
        const found = value?.indices.map((index, place) => [index + 1, Math.fround(value.values[place] as number)]);
        expect(found).toEqual([...written].sort(([a], [b]) => a - b));
      }),
      RUNS,
    ));

  it('are read back in the order of the array that was written', () =>
    fc.assert(
      fc.asyncProperty(fc.array(vector, { maxLength: 20 }), async (written) => {
        const values = await read<number[]>(
          'select unnest($1::vector[]) as value',
          arrayBinary(written.map(vectorBinary)),
        );
        expect(values.map((value) => Float32Array.from(value))).toEqual(written);
      }),
      RUNS,
    ));

  it('become halfvec by a cast', async () => {
    const [value] = await read<number[]>('select $1::vector::halfvec as value', vectorBinary(Float32Array.of(0.1, -2)));
    expect(value?.[0]).toBeCloseTo(0.1, 3);
    expect(value?.[1]).toBe(-2);
  });
});
