import fc from 'fast-check';
import { termIndex, TERM_SPACE } from './term-index.js';

describe('termIndex', () => {
  it('is a whole number from 1 to the size of the space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (term) => {
        const index = termIndex(term);
        expect(Number.isInteger(index) && index >= 1 && index <= TERM_SPACE).toBe(true);
      }),
    );
  });

  it('does not change: what is stored was placed by it', () => {
    expect(['refund', '退款', ''].map(termIndex)).toEqual([336195409, 813593442, 872998924]);
  });

  it('keeps 100,000 terms apart but for a few', () => {
    const places = new Set(Array.from({ length: 100_000 }, (_, number) => termIndex(`term${number}`)));
    expect(places.size).toBeGreaterThan(99_980);
  });
});
