import { withDigits } from './number-words.js';
import { support } from './support.js';
import { quotables } from './quotable.js';
import { chunk } from '@packhouse/core/testing';

describe('numbers in words', () => {
  it.each([
    ['zero faults', '0 faults'],
    ['within thirty days', 'within 30 days'],
    ['Thirty-one pages, twenty two lines', '31 pages, 22 lines'],
    ['a hundred and one dogs', '101 dogs'],
    ['two hundred and five thousand three hundred', '205300'],
    ['one million two hundred thousand', '1200000'],
    ['two million', '2000000'],
    ['2.3 million, 3 thousand and 1,250,000', '2300000, 3000 and 1250000'],
    ['in nineteen eighty-four', 'in 1984'],
    ['two three', '2 3'],
    ['five and six', '5 and 6'],
    ['one day, one percent, ten days', '1 day, 1 percent, 10 days'],
  ])('%s is %s', (words, digits) => {
    expect(withDigits(words)).toBe(digits);
  });

  it.each([
    'no one, one of them, the one that is, one another, one is enough',
    'several hundred, hundreds of thousands',
    'often, tone, someone, seventhly, weighted',
    'Ten dom jest nowy. Ten slotte, ten minste.',
    '1.234,5 and 12,34',
  ])('%s stays', (words) => {
    expect(withDigits(words)).toBe(words);
  });
});

describe('a claim with a number', () => {
  const holds = (claim: string, passage: string) => support(claim, quotables(chunk({ text: passage }))) !== null;

  it.each([
    ['Refunds are paid within thirty days', 'Refunds are paid within 30 days.'],
    ['Refunds are paid within 30 days', 'Refunds are paid within thirty days.'],
    ['It costs 2,500,000 euro', 'It costs two million five hundred thousand euro.'],
    ['It costs 2.5 million euro', 'It costs 2500000 euro.'],
    ['The limit of refunds is 1', 'The limit of refunds is one.'],
    ['Vouchers are valid one year', 'Vouchers are valid for a year.'],
    ['One of the refunds is paid', 'A refund is paid.'],
    ['No one may refund it', 'Nobody may refund it.'],
  ])('%s: is supported by %s', (claim, passage) => {
    expect(holds(claim, passage)).toBe(true);
  });

  it.each([
    ['Refunds are paid within thirty days', 'Refunds are paid within ten days.'],
    ['Refunds are paid within thirty-one days', 'Refunds are paid within thirty days.'],
    ['Refunds are paid within one day', 'Refunds are paid within ten days.'],
    ['A voucher is valid one year', 'A voucher is valid for two years.'],
    ['It costs two million euro', 'It costs two thousand euro.'],
    ['Refunds are paid within 30 days', 'Refunds are paid within thirteen days.'],
  ])('%s: is not by %s', (claim, passage) => {
    expect(holds(claim, passage)).toBe(false);
  });
});
