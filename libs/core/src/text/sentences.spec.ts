import fc from 'fast-check';
import { sentences } from './sentences.js';

const texts = (text: string) => sentences(text).map((sentence) => sentence.text.trim());

describe('sentences', () => {
  it('joined are the text, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(
          sentences(text)
            .map((sentence) => sentence.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('do not end where a line is wrapped', () => {
    expect(texts('The refund is paid\nwithin ten days. Ask us.')).toEqual([
      'The refund is paid\nwithin ten days.',
      'Ask us.',
    ]);
  });

  it('do not end within a reference mark', () => {
    expect(texts('"He is a pro."[44] There were others.')).toEqual(['"He is a pro."', '[44] There were others.']);
  });

  it('end at a blank line', () => {
    expect(texts('A heading\n\nThen text.')).toEqual(['A heading', 'Then text.']);
  });
});
