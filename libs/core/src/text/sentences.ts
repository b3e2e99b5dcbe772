/** A sentence and where it stands in its text, in UTF-16 units. */
export interface Sentence {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Made with the first text: its rules take a while to load. */
let segmenter: Intl.Segmenter | undefined;

/**
 * Cuts a text into sentences by the Unicode rules (UAX #29). Every character belongs to exactly one sentence: joined,
 * they are the text. A single line break is a wrapped line and does not end a sentence; a blank line does.
 */
export function sentences(text: string): Sentence[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'sentence' });
  // UAX #29 ends a sentence at every line break. A space in its place leaves all positions as they are.
  const unwrapped = text
    .replace(/(?<!\n)\n(?!\n)/g, ' ')
    // Nor does it know reference marks: it would end a sentence within `[44]`.
    .replace(/\[\d{1,3}\]/g, (mark) => 'X'.repeat(mark.length));
  const found: Sentence[] = [];
  for (const { index, segment } of segmenter.segment(unwrapped)) {
    const last = found.at(-1);
    const blank = last !== undefined && segment.trim() === '';
    const start = blank ? last.start : index;
    const end = index + segment.length;
    // The second line break of a blank line comes as a sentence of its own: it goes to the one before.
    if (blank) found.pop();
    found.push({ text: text.slice(start, end), start, end });
  }
  return found;
}
