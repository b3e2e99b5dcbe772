/** English; each word's place is its number. */
const ONES = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SCALES = new Map(Object.entries({ hundred: 100, thousand: 1e3, million: 1e6, billion: 1e9 }));

const VALUES = new Map([
  ...ONES.map((word, value) => [word, value] as const),
  ...TENS.map((word, at) => [word, (at + 2) * 10] as const),
]);

/** Numbers, and something else too: "ten" is "this" in Polish and "at the" in Dutch. */
const AMBIGUOUS = ['one', 'ten'];

const either = (words: Iterable<string>) => `(?:${[...words].join('|')})`;
const SCALE = either(SCALES.keys());
const AND = String.raw`(?:[\s-]+|(?<=${SCALE})\s+and\s+)`;
const WORD = either([...VALUES.keys(), ...SCALES.keys()]);
/** "Hundred" by itself is no number ("several hundred"), "a hundred" is. */
const PHRASE = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:a\s+${SCALE}|${either(VALUES.keys())})(?:${AND}${WORD})*(?![\p{L}\p{N}])`,
  'giu',
);
const SCALED = new RegExp(String.raw`(?<![\p{L}\p{N}.,])(\d+(?:\.\d+)?)[\s-]+(${SCALE})(?![\p{L}\p{N}])`, 'giu');
const GROUPED = /(?<![\p{L}\p{N}.,])\d{1,3}(?:,\d{3})+(?![\p{L}\p{N}])/gu;
const UNIT = either('second minute hour day night week month year cent euro dollar pound percent people'.split(' '));

/** What is counted, after a word that may be no number: "one day", but "one of them"; "ten days", but "ten slotte". */
const COUNTED = new RegExp(String.raw`^\s+(?:\p{L}{2,}s(?<!is|was|has|does|its)|${UNIT})(?!\p{L})`, 'iu');

/** What a number in digits may stand as, without being put in digits itself. */
const MAY_STAND_AS = new Map([
  ['1', new RegExp(String.raw`\b(?:one|an?\s+${UNIT})\b`, 'i')],
  ['10', /\bten\b/i],
]);

/** Whether a text has the number in words that are no number in every place: "one", "a year". */
export const mayHold = (text: string, digits: string) => MAY_STAND_AS.get(digits)?.test(text) ?? false;

/** In characters: no more is looked at. */
const LONGEST_COUNTED = 32;

/**
 * The text with its numbers in digits alone: "thirty-one", "two hundred and five", "2.5 million" and "2,500,000" are 31,
 * 205, 2500000 and 2500000. What may be no number stays: "no one", "one of them".
 */
export function withDigits(text: string): string {
  return text
    .replace(GROUPED, (digits) => digits.replaceAll(',', ''))
    .replace(SCALED, (_, digits: string, scale: string) =>
      String(Math.round(Number(digits) * (SCALES.get(scale.toLowerCase()) as number))),
    )
    .replace(PHRASE, (phrase, at: number, whole: string) => {
      const isCounted = () => COUNTED.test(whole.slice(at + phrase.length, at + phrase.length + LONGEST_COUNTED));
      return AMBIGUOUS.includes(phrase.toLowerCase()) && !isCounted() ? phrase : numbers(phrase).join(' ');
    });
}

/** Usually one; two where they only stand side by side. */
function numbers(phrase: string): number[] {
  const found: number[] = [];
  /** Whole thousands, and what is below. */
  let [whole, rest, begun] = [0, 0, false];
  for (const word of phrase.toLowerCase().split(/[\s-]+/)) {
    const scale = SCALES.get(word);
    const value = VALUES.get(word);
    if (scale === 100) rest = (rest || 1) * 100;
    else if (scale) [whole, rest] = [whole + (rest || 1) * scale, 0];
    else if (value === undefined) continue;
    else if (!begun || continues(rest, value)) rest += value;
    else if (isYear(rest, value)) rest = rest * 100 + value;
    else {
      found.push(whole + rest);
      [whole, rest] = [0, value];
    }
    begun = true;
  }
  return [...found, whole + rest];
}

/** After hundreds and thousands anything below a hundred, after twenty and the like one to nine. */
const continues = (rest: number, value: number) =>
  rest % 100 === 0 || (rest % 100 >= 20 && rest % 10 === 0 && value > 0 && value < 10);

/** "Nineteen eighty-four". */
const isYear = (rest: number, value: number) => rest >= 10 && rest < 100 && value >= 10;
