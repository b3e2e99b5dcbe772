import fc from 'fast-check';
import { newId } from './ids.js';

const TIME = fc.integer({ min: 0, max: Date.UTC(9999, 0) });

describe('newId', () => {
  it('is the prefix and 24 lower-case letters and digits', () => {
    fc.assert(fc.property(TIME, (time) => /^file-[0-9a-z]{24}$/.test(newId('file-', time))));
  });

  it('sorts by time, as bytes', () => {
    fc.assert(
      fc.property(TIME, TIME, (one, other) => {
        fc.pre(one < other);
        return newId('', one) < newId('', other);
      }),
    );
  });

  it('differs within one millisecond', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('', 1_700_000_000_000));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
