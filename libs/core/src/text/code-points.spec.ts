import fc from 'fast-check';
import { codePointIndex, codePointLength, sliceCodePoints } from './code-points.js';

describe('code points', () => {
  it('counts as Array.from does, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(codePointLength(text)).toBe(Array.from(text).length);
      }),
    );
  });

  it('finds by code points what was found by UTF-16 units', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (a, b, c) => {
          const text = a + b + c;
          fc.pre(Array.from(text).length === Array.from(a).length + Array.from(b).length + Array.from(c).length);
          const at = codePointIndex(text);
          expect(sliceCodePoints(text, at(a.length), at(a.length + b.length))).toBe(b);
        },
      ),
    );
  });

  it('gives a position inside a pair to its code point', () => {
    expect(codePointIndex('a😀b')(2)).toBe(1);
    expect(codePointIndex('a😀b')(3)).toBe(2);
  });
});
