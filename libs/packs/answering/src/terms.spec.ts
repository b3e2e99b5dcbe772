import { terms } from './terms.js';

describe('terms', () => {
  it.each([
    ['refund', 'refunds'],
    ['refund', 'Refunded'],
    ['refund', 'refunding'],
    ['policy', 'policies'],
    ['store', 'stores'],
    ['store', 'storing'],
    ['box', 'boxes'],
    ['Straße', 'STRASSE'.replace('SS', 'ß')],
  ])('brings %s and %s together', (a, b) => {
    expect(terms(a)).toEqual(terms(b));
  });

  it.each([
    ['policy', 'police'],
    ['us', 'used'],
    ['red', 're'],
    ['status', 'stat'],
    ['thing', 'the'],
  ])('keeps %s and %s apart', (a, b) => {
    expect(terms(a)).not.toEqual(terms(b));
  });

  it('leaves out how a question is put, unless there is nothing else', () => {
    expect(terms('When is the refund paid?')).toEqual(['refund', 'paid']);
    expect(terms('Who is who?')).toEqual(['who', 'is', 'who']);
  });
});
