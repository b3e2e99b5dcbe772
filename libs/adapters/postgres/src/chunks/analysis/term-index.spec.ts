import fc from 'fast-check';
import { termIndex, TERM_SPACE } from './term-index.js';

describe('termIndex', () => {
  it('is a whole number from 1 to the size of the space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (term, analyzer) => {
        const index = termIndex(analyzer)(term);
        expect(Number.isInteger(index) && index >= 1 && index <= TERM_SPACE).toBe(true);
      }),
    );
  });

  it('does not change: what is stored was placed by it', () => {
    expect(['refund', '退款', ''].map(termIndex('en/1'))).toEqual([293152985, 681366875, 440766900]);
  });

  it('keeps the terms of analyzers, and 100,000 terms of one, apart but for a few', () => {
    const places = new Set<number>();
    for (const analyzer of ['en/1', 'de/1']) {
      const indexOf = termIndex(analyzer);
      for (let number = 0; number < 50_000; number++) places.add(indexOf(`term${number}`));
    }
    expect(places.size).toBeGreaterThan(99_980);
  });
});
