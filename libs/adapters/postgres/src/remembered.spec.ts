import fc from 'fast-check';
import { remembered } from './remembered.js';

describe('remembered', () => {
  it('gives what the function gives, however much it has forgotten', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 8 }), (asked, most) => {
        const upper = remembered(most, (word) => word.toUpperCase());
        expect(asked.map(upper)).toEqual(asked.map((word) => word.toUpperCase()));
      }),
    );
  });

  it('makes nothing twice that it was asked for lately', () => {
    const made: string[] = [];
    const upper = remembered(2, (word) => (made.push(word), word.toUpperCase()));
    ['a', 'b', 'a', 'c', 'a', 'b'].forEach(upper);
    expect(made).toEqual(['a', 'b', 'c']);
  });

  it('forgets', () => {
    const made: string[] = [];
    const upper = remembered(1, (word) => (made.push(word), word));
    ['a', 'b', 'c', 'a'].forEach(upper);
    expect(made).toEqual(['a', 'b', 'c', 'a']);
  });
});
