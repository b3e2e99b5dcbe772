import { readFile } from './read-file.js';
import { htmlTitle } from './html-text.js';
import { storable } from './storable.js';
import { isTangled } from './tangled.js';

const MEGABYTE = 2 ** 20;
const filled = (unit: string, length = MEGABYTE) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** What makes careless expressions go back and forth. */
const UNITS = [
  ...[
    'a',
    ' ',
    '\n',
    '\r',
    '\t',
    '*',
    '_',
    '[',
    '](',
    '`',
    '<',
    '<!--',
    '<a ',
    '</',
    '&',
    '-',
    '> ',
    '| ',
    '1. ',
    '\0',
  ],
  ...['<title ', '<title>', '#', ' \n', '\n ', '.', '@a', 'a@', 'http://', '"', "'", '{', '\u{200B}', '\u{E0041}'],
  ...['\u{1F3F4}\u{E0067}', '\u{FE0F}', '\u{301}', '\u{D800}', '\u{202E}'],
];

/** The best of three: the machine may be busy, an expression is not. */
function milliseconds(work: () => unknown): number {
  const once = () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  return Math.min(once(), once(), once());
}

/** A sixteenth of a text is to take about a sixteenth of the time; the square of its length would make that a 256th. */
const FEWER = 16;
const [LEEWAY, NOISE_MS] = [40, 50];

describe('a megabyte of hostile text', () => {
  it.each([
    ['what cleans all text', storable],
    ['what looks for a title', htmlTitle],
    ['what looks for tangled Markdown', isTangled],
  ])('takes %s a time that grows with its length alone', (_, clean) => {
    for (const unit of UNITS) {
      const [part, whole] = [filled(unit, MEGABYTE / FEWER), filled(unit)];
      expect(milliseconds(() => clean(whole))).toBeLessThan(LEEWAY * milliseconds(() => clean(part)) + NOISE_MS);
    }
  });

  it.each(['a.html', 'a.md', 'a.csv', 'a.json', 'a.eml', 'a.txt'])(
    'called %s ends in text or in a typed error, and this process goes on',
    async (filename) => {
      let ticks = 0;
      const ticking = setInterval(() => ticks++, 5);
      for (const text of ['<!--', '[', '](', '> ', '| ', '"', '--x\r\n', '&'].map((unit) => filled(unit))) {
        const bytes = Buffer.from(filename === 'a.eml' ? `Subject: x\r\n\r\n${text}` : text);
        const outcome: unknown = await readFile({ filename, bytes }).catch((error: unknown) => error);
        expect(outcome).toEqual(
          expect.objectContaining({ [outcome instanceof Error ? 'code' : 'text']: expect.any(String) }),
        );
      }
      clearInterval(ticking);
      expect(ticks).toBeGreaterThan(0);
    },
    300_000,
  );
});

describe('text with characters that are not seen', () => {
  it.each([
    ['NUL, which PostgreSQL refuses', 'a\0b', 'ab'],
    ['half a surrogate', 'a\u{D83D}b', 'a\u{FFFD}b'],
    ['line ends of any kind', 'a\r\nb\rc', 'a\nb\nc'],
    ['zero-width blanks within a word', 'pass\u{200B}wo\u{2060}rd\u{FEFF}', 'password'],
    ['direction overrides', 'a\u{202E}cba\u{202C} \u{2066}x\u{2069}', 'acba x'],
    ['a message in tags', 'Hi\u{E0049}\u{E0067}\u{E006E}', 'Hi'],
    ['a message in variation selectors', 'Hi\u{E0101}\u{E0122}\u{E0133}', 'Hi'],
    [
      'a flag behind which a message stands',
      '\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}\u{E0041}',
      '\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}',
    ],
  ])('loses %s', (_, given, kept) => {
    expect(storable(given)).toBe(kept);
  });

  it.each([
    ['the flag of a region', '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}'],
    ['an emoji of joined ones', '👩\u{200D}💻 ❤\u{FE0F}'],
    ['Persian with its non-joiner', 'می\u{200C}خواهم'],
    ['direction marks', 'שלום\u{200F} (a)\u{200E}'],
    ['letters with marks apart, as they are', 'Zu\u{308}rich ﬁ'],
  ])('keeps %s', (_, given) => {
    expect(storable(given)).toBe(given);
  });
});
