import { english } from './english.js';

describe('english', () => {
  it.each([
    ['The refunds were paid.', ['refund', 'were', 'paid']],
    ['Infections infect; it is infectious.', ['infect', 'infect', 'infecti']],
    ['Call db.query(next_page) at 3.14', ['call', 'db', 'queri', 'next', 'page', '3', '14']],
    ['The customer’s', ['custom']],
    ['Ｆｕｌｌ width ﬁgures', ['full', 'width', 'figur']],
    ['Straße und Äpfel', ['straße', 'und', 'äpfel']],
    ['退款在十天', ['退款', '款在', '在十', '十天']],
    ['東京タワー 2024', ['東京', '京タ', 'タワ', 'ワー', '2024']],
    ['ภาษาไทย', ['ภาษ', 'าษา', 'ษาไ', 'าไท', 'ไทย']],
    ['問', ['問']],
    ['возврат денег', ['возврат', 'денег']],
    ['  ...  ', []],
    ['', []],
  ])('makes of %j the terms %j', (text, terms) => {
    expect(english.terms(text)).toEqual(terms);
  });

  it('finds what a question asks for in another form of the word', () => {
    const share = (a: string, b: string) => english.terms(a).some((term) => english.terms(b).includes(term));
    expect(share('What do inhibitors inhibit?', 'Inhibition of the enzyme')).toBe(true);
    expect(share('退款', '我们的退款政策')).toBe(true);
  });
});
