import fc from 'fast-check';
import { countOfWeight, termWeight } from './bm25.js';

describe('a BM25 weight', () => {
  const count = fc.integer({ min: 1, max: 1_000 });
  const length = fc.integer({ min: 1, max: 5_000 });
  const mean = fc.double({ min: 1, max: 5_000, noNaN: true });

  it('is half of its most where a term stands k1 times in a text of mean length', () => {
    expect(termWeight(1.2, 100, 100)).toBeCloseTo(1.1);
    expect(termWeight(1, 100, 100)).toBeCloseTo(1);
  });

  it('stays between 0 and k1 + 1, grows with the count and falls with the length', () => {
    fc.assert(
      fc.property(count, length, mean, (count, length, mean) => {
        const weight = termWeight(count, length, mean);
        expect(weight).toBeGreaterThan(0);
        expect(weight).toBeLessThan(2.2);
        expect(termWeight(count + 1, length, mean)).toBeGreaterThan(weight);
        expect(termWeight(count, length + 1, mean)).toBeLessThan(weight);
      }),
    );
  });

  it('gives its count back, even from the single precision it is stored in', () => {
    fc.assert(
      fc.property(count, length, mean, (count, length, mean) => {
        fc.pre(count <= length);
        expect(countOfWeight(Math.fround(termWeight(count, length, mean)), length, mean)).toBe(count);
      }),
    );
  });
});
