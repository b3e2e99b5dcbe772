import { analyzerFor, analyzerNamed } from './analyzers.js';

const terms = (language: string, text: string) => analyzerFor(language).terms(text);

describe('analyzerFor', () => {
  it('goes by the primary subtag, as its tag may be written', () => {
    expect(analyzerFor().name).toBe('en/1');
    expect(analyzerFor('PT-br')).toBe(analyzerFor('pt'));
    expect(analyzerFor('nb')).toBe(analyzerFor('no'));
    expect(analyzerFor('sw').name).toBe('und/1');
    expect(analyzerFor('zh-Hant-TW')).toBe(analyzerFor('und'));
  });

  it.each(['', 'e', 'english language', '../en', 'en_US/1'])('refuses %j', (tag) => {
    expect(() => analyzerFor(tag)).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'language' }));
  });

  it('knows its own names again, and none of other rules', () => {
    for (const tag of ['en', 'hi', 'und', 'zxx']) expect(analyzerNamed(analyzerFor(tag).name)).toBe(analyzerFor(tag));
    expect(analyzerNamed('en/0')).toBeUndefined();
  });
});

/** Forms of one word, by language. */
const SAME: [string, string][] = [
  ['en', 'infection infections infect infected'],
  ['en', 'refund refunds refunding refunded'],
  ['en', "customer customers customer's customer’s"],
  ['de', 'Haus Häuser Hauses'],
  ['de', 'Rückzahlung Rückzahlungen'],
  ['de', 'Straße Strasse Straßen'],
  ['fr', 'remboursement remboursements'],
  ['fr', 'continuer continuait continua'],
  ['fr', "l'homme l’homme hommes"],
  ['es', 'devolución devoluciones'],
  ['es', 'trabajo trabajos trabajar trabajando'],
  ['it', 'rimborso rimborsi'],
  ['it', "dell'università università"],
  ['pt', 'trabalho trabalhos trabalhar'],
  ['pt', 'devolução devoluções'],
  ['nl', 'lichaam lichamen'],
  ['nl', 'vergoeding vergoedingen'],
  ['ru', 'возврат возврата возвратом возвраты'],
  ['ru', 'книга книги книгу книгами'],
  ['ar', 'كتاب الكتاب كتابه'],
  ['ar', 'مدرسة المدرسة'],
  ['hi', 'लड़का लड़के लड़कों'],
  ['hi', 'किताब किताबें किताबों'],
  ['tr', 'kitap kitaplar kitapları KİTAP'],
  ['el', 'βιβλία ΒΙΒΛΙΑ'],
  ['ro', 'copil copilul'],
  ['sv', 'bok boken bokens'],
  ['fi', 'talo talon talossa'],
  ['pl', 'książka książki'],
];

describe('a stemmed language', () => {
  it.each(SAME)('%s brings %s to one term', (language, forms) => {
    const stems = forms.split(' ').map((form) => terms(language, form));
    expect(new Set(stems.map((each) => each.join(' '))).size).toBe(1);
    expect(stems[0]).toHaveLength(1);
  });

  it.each([
    ['en', 'The refunds were paid.', ['refund', 'were', 'paid']],
    ['en', 'Call db.nextPage at 3.14', ['call', 'db.nextpag', 'db', 'nextpag', 'next', 'page', '3.14', '3', '14']],
    ['en', 'HTTPServer, AB-1234', ['httpserver', 'http', 'server', 'ab', '1234']],
    ['en', 'Ｆｕｌｌ width ﬁgures', ['full', 'width', 'figur']],
    ['de', 'Die Rückzahlung erfolgt in zehn Tagen.', ['ruckzahl', 'erfolgt', 'zehn', 'tag']],
    ['fr', "Les remboursements de l'année", ['rembours', 'anné']],
    ['es', 'Los reembolsos se pagan en diez días.', ['reembols', 'pag', 'diez', 'dias']],
    ['it', 'I rimborsi sono pagati entro dieci giorni.', ['rimbors', 'pag', 'entro', 'diec', 'giorn']],
    ['pt', 'Os reembolsos são pagos em dez dias.', ['reembols', 'pag', 'dez', 'dias']],
    ['nl', 'De vergoeding wordt binnen tien dagen betaald.', ['vergoed', 'bin', 'tien', 'daag', 'betaald']],
    ['ru', 'Возврат денег в течение десяти дней.', ['возврат', 'денег', 'течен', 'десят', 'дне']],
    ['ar', 'يتم رد المبلغ في عشرة أيام', ['يتم', 'رد', 'مبلغ', 'عشر', 'ايام']],
    ['hi', 'पैसे दस दिनों में वापस किए जाते हैं।', ['पैस', 'दस', 'दिन', 'वापस', 'क', 'ज']],
  ])('%s makes of %j the terms %j: others are another version of the analyzer', (language, text, expected) => {
    expect(terms(language, text)).toEqual(expected);
  });

  it.each(['en', 'de', 'ja', 'und'])('as %s cuts scripts without spaces into characters', (language) => {
    expect(terms(language, '退款在十天')).toEqual(['退款', '款在', '在十', '十天']);
    expect(terms(language, '東京タワー 2024')).toEqual(['東京', '京タ', 'タワ', 'ワー', '2024']);
    expect(terms(language, 'ภาษาไทย')).toEqual(['ภาษ', 'าษา', 'ษาไ', 'าไท', 'ไทย']);
    expect(terms(language, '問')).toEqual(['問']);
    expect(terms(language, '환불은 열흘')).toEqual(['환불', '불은', '열흘']);
    expect(terms(language, ' ... ')).toEqual([]);
  });
});

describe('und', () => {
  it('leaves words as they are, but for case and form', () => {
    expect(terms('vi', 'Hoàn tiền trong MƯỜI ngày')).toEqual(['hoàn', 'tiền', 'trong', 'mười', 'ngày']);
  });
});

describe('zxx', () => {
  it.each([
    ['getUserById', ['getuserbyid', 'get', 'user', 'by', 'id']],
    ['next_page2', ['next_page2', 'next', 'page', '2']],
    ['HTTPServer', ['httpserver', 'http', 'server']],
    ['db.query()', ['db.query', 'db', 'query']],
    ['ISO-9001 at 3.14', ['iso-9001', 'iso', '9001', 'at', '3.14', '3', '14']],
    ['__init__', ['__init__', 'init']],
    ['the the', ['the', 'the']],
    ['naïveÄrger 退款政', ['naïveärger', 'naïve', 'ärger', '退款', '款政']],
    ['=> {}', []],
  ])('makes of %j the terms %j', (text, expected) => {
    expect(terms('zxx', text)).toEqual(expected);
  });

  it('makes one word again of one that was broken at the end of a line', () => {
    expect(analyzerFor('en').terms('a pop-\nular well-known\nplace')).toEqual(
      analyzerFor('en').terms('a popular well-known\nplace'),
    );
  });

  it('takes no longer over one endless word than over a text', () => {
    const began = performance.now();
    for (const tag of ['en', 'de', 'ar', 'zxx', 'xx']) analyzerFor(tag).terms('a'.repeat(200_000));
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
