import { codePointLength, sliceCodePoints, type ExtractedText } from '@packhouse/core';
import fc from 'fast-check';
import { split, type Piece, type SplitOptions } from './split.js';
import { cl100k } from './tokens.js';

const letters: SplitOptions = { countTokens: codePointLength, maxTokens: 100, overlapTokens: 40 };
const plain = (text: string): ExtractedText => ({ text, pages: [] });
const splitByLetters = (text: string, sizes: SplitOptions = {}) => split(plain(text), { ...letters, ...sizes });

const sentence = (index: number) => `This is sentence number ${index}. `;
const book = (count: number) => Array.from({ length: count }, (_, index) => sentence(index)).join('');

/** Prose, long runs, spaces, blank lines, emoji, halves of pairs, right-to-left and unspaced scripts. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '. ',
        '\n',
        '\n\n',
        '! ',
        '。',
        ' '.repeat(300),
        'a'.repeat(500),
        '💶'.repeat(150),
        '\ud83d',
        '漢字'.repeat(80),
      ),
      fc.lorem({ mode: 'sentences', maxCount: 3 }),
      fc.constantFrom('ภาษาไทยเป็นภาษาที่มีความซับซ้อน', 'النص العربي هنا. ', 'a-b_c/d?e=f&'.repeat(30)),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

const sizes = fc
  .integer({ min: 100, max: 300 })
  .chain((maxTokens) =>
    fc.record({ maxTokens: fc.constant(maxTokens), overlapTokens: fc.nat(Math.floor(maxTokens / 2)) }),
  );

function covered(text: string, pieces: readonly Piece[]): boolean[] {
  const marks = Array.from(text, () => false);
  for (const { span } of pieces) marks.fill(true, span.start, span.end);
  return marks;
}

describe('split, of any text', () => {
  it('makes pieces that are exactly the text at their span, in order, and trimmed', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, sizes, async (text, size) => {
        const pieces = await splitByLetters(text, size);
        for (const piece of pieces) {
          expect(sliceCodePoints(text, piece.span.start, piece.span.end)).toBe(piece.text);
          expect(piece.text).toBe(piece.text.trim());
          expect(piece.text).not.toBe('');
        }
        const ends = pieces.map(({ span }) => span.end);
        expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
      }),
    );
  });

  it('leaves no character out that is not a space', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, sizes, async (text, size) => {
        const marks = covered(text, await splitByLetters(text, size));
        expect(Array.from(text).filter((each, at) => each.trim() !== '' && !marks[at])).toEqual([]);
      }),
    );
  });

  it('makes no piece too large, and repeats no more than it should', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, sizes, async (text, size) => {
        const pieces = await splitByLetters(text, size);
        pieces.forEach(({ text: piece, span }, index) => {
          expect(codePointLength(piece)).toBeLessThanOrEqual(size.maxTokens);
          expect((pieces[index - 1]?.span.end ?? 0) - span.start).toBeLessThanOrEqual(size.overlapTokens);
        });
      }),
    );
  });

  it('keeps to the bound by the real tokenizer too', async () => {
    const countTokens = await cl100k();
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { minLength: 3 }), async (texts) => {
        for (const piece of await split(plain(texts.join(' ')), { maxTokens: 100 }))
          expect(countTokens(piece.text)).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe('split', () => {
  it('packs whole sentences, and repeats whole sentences', async () => {
    const pieces = await splitByLetters(book(40));
    expect(pieces.length).toBeGreaterThan(10);
    for (const { text } of pieces) expect(text).toMatch(/^This is .*\.$/);
    pieces.slice(1).forEach(({ span }, index) => {
      expect((pieces[index] as Piece).span.end - span.start).toBeGreaterThan(20);
    });
  });

  it('takes 800 tokens with 400 of overlap by itself', async () => {
    const countTokens = await cl100k();
    const pieces = await split(plain(book(1000)));
    for (const { text } of pieces.slice(0, -1)) {
      expect(countTokens(text)).toBeLessThanOrEqual(800);
      expect(countTokens(text)).toBeGreaterThan(780);
    }
    const [first, second] = pieces as [Piece, Piece];
    const overlap = countTokens(first.text.slice(second.span.start));
    expect(overlap).toBeLessThanOrEqual(400);
    expect(overlap).toBeGreaterThan(380);
  });

  it('makes one piece of what fits, and none of nothing', async () => {
    expect(await splitByLetters(' Short. ')).toEqual([{ text: 'Short.', span: { start: 1, end: 7 }, pages: [] }]);
    expect(await splitByLetters('')).toEqual([]);
    expect(await splitByLetters(' \n\n \t '.repeat(100))).toEqual([]);
  });

  it('does not end with a piece that the one before holds', async () => {
    const pieces = await splitByLetters(`${book(3)}${' \n'.repeat(200)}`);
    expect(pieces).toHaveLength(1);
  });

  it('cuts a sentence that is too long between words', async () => {
    const text = `${'many words without an end '.repeat(20)}.`;
    const whole = new Set(text.split(' '));
    const pieces = await splitByLetters(text);
    expect(pieces.length).toBeGreaterThan(4);
    for (const piece of pieces) for (const word of piece.text.split(' ')) expect(whole).toContain(word);
  });

  it('cuts a word that is too long, but no pair of surrogates', async () => {
    for (const { text } of await splitByLetters(`a${'💶'.repeat(1000)}`))
      expect(() => encodeURIComponent(text)).not.toThrow();
  });

  it('names the pages a piece stands on', async () => {
    const text = book(12);
    const pages = [0, 50, 60, 200].map((start, index) => ({ number: index + 1, start }));
    for (const piece of await split({ text, pages }, letters)) {
      const { start, end } = piece.span;
      const expected = pages.filter((page, index) => page.start < end && (pages[index + 1]?.start ?? Infinity) > start);
      expect(piece.pages).toEqual(expected);
    }
  });

  it('reads the names of special tokens as text', async () => {
    expect(await split(plain('Before <|endoftext|> after.'))).toHaveLength(1);
  });

  it.each([
    { maxTokens: 99 },
    { maxTokens: 4097 },
    { maxTokens: 100.5 },
    { overlapTokens: -1 },
    { overlapTokens: 401 },
    { maxTokens: 100, overlapTokens: 51 },
    { overlapTokens: NaN },
  ])('refuses %j', async (size) => {
    const param = Object.keys(size).at(-1);
    await expect(split(plain('Text.'), size)).rejects.toMatchObject({ code: 'invalid_request', param });
  });

  it('stops when the caller goes away', async () => {
    const caller = new AbortController();
    const splitting = split(plain(book(5000)), {}, caller.signal);
    caller.abort();
    await expect(splitting).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('split, of megabytes', () => {
  const fill = (pattern: string, size: number) => pattern.repeat(size / pattern.length);
  it.each([
    ['5 MB of one letter', fill('a', 5e6)],
    ['5 MB of prose', fill('The refund is paid within ten days of the request. ', 5e6)],
    ['5 MB of one sentence', fill('some words and ', 5e6)],
    ['5 MB of spaces', fill(' ', 5e6)],
    ['1 MB of line breaks', fill('\n', 1e6)],
    ['1 MB of marks', fill('=', 1e6)],
    ['1 MB of emoji', fill('💶', 1e6)],
    ['1 MB of words of 250 letters', fill(`${'b'.repeat(249)} `, 1e6)],
    ['1 MB of unspaced Chinese', fill('退款在十天之内付清', 1e6)],
  ])(
    '%s takes seconds, and lets others run meanwhile',
    async (_name, text) => {
      let last = performance.now();
      let longestWait = 0;
      const others = setInterval(() => {
        longestWait = Math.max(longestWait, performance.now() - last);
        last = performance.now();
      });
      await split(plain(text));
      clearInterval(others);
      expect(longestWait).toBeLessThan(5000);
    },
    30_000,
  );
});

describe('split, of text that makes careless expressions go back and forth', () => {
  const LENGTH = 2 ** 18;
  const FEWER = 16;
  /** Sixteen times the length may take forty times as long; the square of it would be 256. */
  const [LEEWAY, NOISE_MS] = [40, 50];
  const byLength = (text: string) => Math.ceil(text.length / 4);
  /** Of the process, not of the clock; the better of two, as the machine may be busy. */
  const milliseconds = async (text: string) => {
    const times: number[] = [];
    for (let run = 0; run < 2; run++) {
      const before = process.cpuUsage();
      await split(plain(text), { countTokens: byLength });
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
    }
    return Math.min(...times);
  };

  it.each([
    ...[
      'a',
      ' ',
      '\n',
      '.\n',
      '. ',
      '.',
      '! ',
      '?"',
      '"',
      "'",
      '1. ',
      '1.1 ',
      'Dr. ',
      'e.g. ',
      'a.b',
      '...',
      '- ',
      '> ',
    ],
    ...[
      '| ',
      '*',
      '_',
      '`',
      '](',
      '<!--',
      '&',
      '@a',
      'http://',
      '=',
      '{',
      '\u{200B}',
      '\u{301}',
      '💶',
      '退款。',
      'ก',
      'ا ',
    ],
  ])('%j takes a time that grows with its length alone', async (unit) => {
    const text = (length: number) => unit.repeat(Math.ceil(length / unit.length));
    const part = await milliseconds(text(LENGTH / FEWER));
    expect(await milliseconds(text(LENGTH))).toBeLessThan(LEEWAY * part + NOISE_MS);
  });
});
