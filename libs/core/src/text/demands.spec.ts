import { demandsOf, phraseFinder } from './demands.js';

describe('demandsOf', () => {
  it.each([
    ['refund policy', [], []],
    ['"paid within ten days" refund', ['paid within ten days'], []],
    ['+refund of a +parcel, please', [], ['refund', 'parcel,']],
    ['+"ten days" +AB-12', ['ten days'], ['AB-12']],
    ['an 18" wheel', [], []],
    ['C++ a+b + c', [], []],
    ['"" "?!"', [], []],
    ['Who sang "Wonderland by Night" ?', [], []],
    ['Why were they called "the Methodists?"', [], []],
    ['stabilizing +1 nucleosomes', [], []],
    ['谁写了“+退款”？', [], []],
  ])('of %j are the phrases %j and the words %j', (text, phrases, required) => {
    expect(demandsOf(text)).toEqual({ phrases, required });
  });
});

describe('phraseFinder', () => {
  it.each([
    ['It is PAID within\nten days.', 'paid within ten days', true],
    ['Paid within 10 days', 'within ten', false],
    ['Prepaid within ten days', 'paid within', false],
    ['paid withinten', 'paid within', false],
    ['well-known', 'Well known', true],
    ['Ｆｕｌｌ ﬁgures', 'full figures', true],
    ['Ueber Straße', 'über', false],
    ['我们的退款政策。', '退款政策', true],
    ['我们的退款政策。', '退政策', false],
    ['ภาษาไทย', 'ไทย', true],
    ['हिन्दी भाषा', 'हिन्दी', true],
    ['हिन्दी भाषा', 'हिन्द', false],
    ['2019年house', '年house', true],
    ['the  (very) best', 'the very best', true],
    ['a.b*c', 'b c', true],
  ])('%j, %j: %j', (text, phrase, expected) => {
    expect(phraseFinder(phrase)(text)).toBe(expected);
  });
});
