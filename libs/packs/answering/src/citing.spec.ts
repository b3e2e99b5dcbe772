import { sliceCodePoints } from '@packhouse/core';
import { chunk } from '@packhouse/core/testing';
import fc from 'fast-check';
import { citing } from './citing.js';

const passages = [
  'Parcels travel for two days 📦. A refund is paid within 10 days of the request.',
  'Vouchers are valid for a year. They are not paid out in cash.',
].map((text, index) => ({ number: index + 1, text, chunk: chunk({ id: `${index + 1}`, text }) }));

function cited(answer: string, pieces: readonly string[] = [answer]) {
  const writer = citing(passages);
  const texts = [...pieces.map((piece) => writer.push(piece)), writer.end()];
  expect(texts.join('')).toBe(writer.text);
  const { text, citations } = writer;
  return {
    text,
    claims: citations.map(({ chunkId, quote, cites }) => [
      sliceCodePoints(text, cites.start, cites.end),
      chunkId,
      quote,
    ]),
  };
}

const refund = 'A refund is paid within 10 days of the request.';
const voucher = 'Vouchers are valid for a year.';

describe('citing', () => {
  it('cites the sentence of the passage that supports the claim', () => {
    const answer = 'The refund is paid within 10 days [1]. Vouchers are valid for a year [2].';
    expect(cited(answer)).toEqual({
      text: answer,
      claims: [
        ['The refund is paid within 10 days', '1', refund],
        ['Vouchers are valid for a year', '2', voucher],
      ],
    });
  });

  it('takes a marker after the full stop, on a list item or on its own line', () => {
    expect(cited('💶! Refunds are paid within 10 days. [1]').claims).toEqual([
      ['Refunds are paid within 10 days.', '1', refund],
    ]);
    expect(cited('Rules:\n- **Vouchers** are valid a year [2]\n- A refund is paid within 10 days [1]').claims).toEqual([
      ['Vouchers** are valid a year', '2', voucher],
      ['A refund is paid within 10 days', '1', refund],
    ]);
    expect(cited('Vouchers are valid for a year.\n[2]').claims).toEqual([
      ['Vouchers are valid for a year.', '2', voucher],
    ]);
  });

  it('takes out markers of passages that there are not', () => {
    expect(cited('Vouchers are valid for a year [7]. So it is [0].')).toEqual({
      text: 'Vouchers are valid for a year. So it is.',
      claims: [],
    });
  });

  it('takes out markers that their passage does not support', () => {
    expect(cited('Vouchers are valid for a year [1].').claims).toEqual([]);
    expect(cited('Elephants never forget anything at all [2].').text).toBe('Elephants never forget anything at all.');
  });

  it('takes a number for wrong that the passage does not have', () => {
    expect(cited('A refund is paid within 30 days of the request [1].')).toEqual({
      text: 'A refund is paid within 30 days of the request.',
      claims: [],
    });
  });

  it('takes a number in words for what it is in digits', () => {
    expect(cited('A refund is paid within ten days of the request [1].').claims).toHaveLength(1);
    expect(cited('A refund is paid within thirty days of the request [1].').claims).toEqual([]);
    expect(cited('Parcels travel for 2 days [1].').claims).toHaveLength(1);
    expect(cited('Parcels travel for three days [1].').claims).toEqual([]);
    expect(cited('No one is paid vouchers in cash, not one of them [2].').claims).toHaveLength(1);
  });

  it('keeps of several what holds, together or in a row', () => {
    expect(cited('Vouchers are valid for a year [1, 2].').text).toBe('Vouchers are valid for a year [2].');
    expect(cited('Vouchers are valid for a year [1][2].').text).toBe('Vouchers are valid for a year [2].');
    expect(cited('Vouchers are valid for a year [1] [2][1].').text).toBe('Vouchers are valid for a year [2].');
    expect(cited('Vouchers[1] are valid for a year[2].').text).toBe('Vouchers are valid for a year[2].');
  });

  it('cites a sentence once for a claim', () => {
    expect(cited('Vouchers are valid for a year [2][2].').claims).toHaveLength(1);
  });

  it('cites two sentences where it takes both', () => {
    expect(cited('Vouchers are valid one year and not paid in cash [2].').claims).toEqual([
      ['Vouchers are valid one year and not paid in cash', '2', passages[1]?.text],
    ]);
  });

  it('leaves other brackets alone', () => {
    const answer = 'See [the terms] and [a1]( x ) [ ] [1.5] list[';
    expect(cited(answer)).toEqual({ text: answer, claims: [] });
  });

  it('finds no claim before a marker that begins the answer', () => {
    expect(cited('[1] Hello.')).toEqual({ text: ' Hello.', claims: [] });
  });

  it('comes to the same however the answer is cut into pieces, and holds little back', () => {
    const answers = [
      'The refund is paid within 10 days [1]. Vouchers [2] are valid for a year [1, 2][7] . [ 2 ] end [',
      'x [12',
      'a [1, 1, 1, 1]  [ [[1]] b',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...answers), fc.array(fc.integer({ min: 1, max: 9 })), (answer, sizes) => {
        const pieces: string[] = [];
        let from = 0;
        for (const size of [...sizes, Infinity]) pieces.push(answer.slice(from, (from += size)));
        expect(cited(answer, pieces)).toEqual(cited(answer));
      }),
    );
    const writer = citing(passages);
    let pushed = 0;
    for (const letter of 'No markers here, only [brackets] and [1, 2, words.'.repeat(5)) {
      writer.push(letter);
      expect(++pushed - writer.text.length).toBeLessThan(12);
    }
  });
});
