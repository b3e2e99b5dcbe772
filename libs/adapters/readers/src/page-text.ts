/** A run of text on a page, as pdf.js gives it. `transform` is a PDF matrix, lengths are in points. */
export interface TextRun {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly dir: string;
}

/** A run as seen along its own line of writing: `start` to `end` on it, `base` across it, growing with reading. */
interface Placed {
  readonly text: string;
  readonly rtl: boolean;
  readonly spaced: boolean;
  readonly angle: number;
  readonly start: number;
  readonly end: number;
  readonly base: number;
  readonly size: number;
}

/** Runs on one base line. `main` is the longest of them: the line's own size and base, whatever is raised beside it. */
interface Line {
  readonly runs: Placed[];
  main: Placed;
}

/**
 * The text of a page in the order it was drawn, which for nearly all producers is the order of reading, columns
 * included. Lines of a paragraph are joined by a line break, paragraphs by a blank line. Hyphens stay as they are.
 */
export function pageText(runs: readonly TextRun[]): string {
  const lines = linesOf(runs);
  const leading = usualLeading(lines);
  let text = '';
  lines.forEach((line, index) => {
    const above = lines[index - 1];
    const written = lineText(line);
    if (above) text += endsParagraph(above.main, line.main, leading, written) ? '\n\n' : '\n';
    text += written;
  });
  return text;
}

function linesOf(runs: readonly TextRun[]): Line[] {
  const lines: Line[] = [];
  let spaced = false;
  for (const run of runs) {
    if (run.str.trim() === '') {
      // Empty runs only mark the end of a line; the others are blanks drawn between two words.
      spaced ||= run.str !== '';
      continue;
    }
    append(lines, place(run, spaced));
    spaced = false;
  }
  return lines;
}

/** Turns the page so that the run reads along `start` and `end`, and the next line's `base` is greater. */
function place({ str, transform, width, height, dir }: TextRun, spaced: boolean): Placed {
  const [a = 1, b = 0, , , x = 0, y = 0] = transform;
  const run = { text: plainLetters(str), rtl: dir === 'rtl', spaced };
  if (dir === 'ttb') return { ...run, angle: 90, start: -y, end: height - y, base: -x, size: width };
  const radians = Math.atan2(b, a);
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const start = x * cos + y * sin;
  const angle = Math.round((radians * 180) / Math.PI);
  return { ...run, angle, start, end: start + width, base: x * sin - y * cos, size: height };
}

/** Ligatures and the shapes of Arabic letters become the letters they stand for, special blanks become blanks. */
function plainLetters(text: string): string {
  return text.replace(/[\u{A0}\u{2000}-\u{200A}\u{202F}\u{FB00}-\u{FDFF}\u{FE70}-\u{FEFC}]/gu, (letter) =>
    letter.normalize('NFKC'),
  );
}

function append(lines: Line[], run: Placed): void {
  const line = lines.at(-1);
  if (!line || !onSameLine(line.main, run)) lines.push({ runs: [run], main: run });
  else {
    line.runs.push(run);
    if (run.text.length > line.main.text.length) line.main = run;
  }
}

/** Raised and lowered signs stand within half a line. */
function onSameLine(main: Placed, run: Placed): boolean {
  return main.angle === run.angle && Math.abs(run.base - main.base) <= 0.5 * Math.max(main.size, run.size);
}

function lineText({ runs }: Line): string {
  const rtl = runs.filter((run) => run.rtl).length * 2 > runs.length;
  // Within a run pdf.js has put the letters in the order of reading, the runs come as they were drawn.
  const ordered = rtl ? runs.toSorted((a, b) => b.start - a.start) : runs;
  return ordered.reduce((text, run, index) => text + separator(ordered[index - 1], run) + run.text, '').trim();
}

function separator(before: Placed | undefined, run: Placed): string {
  if (!before) return '';
  const gap = Math.max(run.start - before.end, before.start - run.end);
  const drawnBackwards = !before.rtl && run.end < before.start;
  const spaced = run.rtl ? before.spaced || run.spaced : run.spaced;
  return spaced || drawnBackwards || gap > 0.15 * run.size ? ' ' : '';
}

/** How far the page's lines stand apart, as a multiple of their size: 1 where set solid, 1.8 at most. */
function usualLeading(lines: readonly Line[]): number {
  const leadings = lines
    .flatMap(({ main }, index) => (index > 0 ? [leadingOf((lines[index - 1] as Line).main, main)] : []))
    .filter((leading) => leading > 0.8 && leading < 3)
    .sort((a, b) => a - b);
  return Math.min(Math.max(leadings[leadings.length >> 1] ?? 1.2, 1), 1.8);
}

const leadingOf = (above: Placed, line: Placed) => (line.base - above.base) / Math.max(above.size, line.size, 1);

function endsParagraph(above: Placed, line: Placed, leading: number, written: string): boolean {
  if (line.angle !== above.angle) return true;
  // A line further up begins a new column. A sentence may run on into it.
  if (line.base < above.base) return !/^\p{Ll}/u.test(written);
  return resized(above, line) || leadingOf(above, line) > leading * 1.3;
}

/** Headings and notes are set in another size than the text beside them. */
function resized(above: Placed, line: Placed): boolean {
  return Math.max(above.size, line.size) > 1.15 * Math.min(above.size, line.size);
}
