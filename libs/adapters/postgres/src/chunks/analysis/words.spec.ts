import fc from 'fast-check';
import { segmented, wordsOf } from './words.js';

const characters = [...'abzAZ019_éßØőжЯ', ...`.,:;'"-/()$#@ \t\n`, ...'«»¿“„–—•€'];
const plain = fc.string({ unit: fc.constantFrom(...characters), maxLength: 60 });
const anyText = fc.string({ unit: 'binary', maxLength: 60 });

describe('wordsOf', () => {
  it.each(['en', 'de', 'fr', 'fi', 'sv', 'ru', 'und'])('cuts as Unicode says, in %s', (language) => {
    const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
    const words = wordsOf(language);
    fc.assert(
      fc.property(fc.oneof(plain, anyText), (text) => {
        expect(words(text)).toEqual(segmented(segmenter, text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps together what belongs together', () => {
    expect(wordsOf('en')(`Don't pay 1,234.50 to db.next_page, v2; a-b 'x'.`)).toEqual([
      "Don't",
      'pay',
      '1,234.50',
      'to',
      'db.next_page',
      'v2',
      'a',
      'b',
      'x',
    ]);
  });
});
