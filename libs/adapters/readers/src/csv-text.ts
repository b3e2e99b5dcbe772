import { parse, type Options } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';

const DELIMITERS = [',', ';', '\t', '|'];
/** By so many records and characters the delimiter is told. */
const SAMPLE = { records: 20, characters: 64 * 1024 };
const LENIENT: Options = { relax_column_count: true, relax_quotes: true, skip_empty_lines: true, bom: true };

/** A table's text. `grown` is told of its length as it grows, and may throw. @throws CsvError */
export async function csvText(source: string, grown: (length: number) => void): Promise<string> {
  const records = parse(source, { ...LENIENT, delimiter: delimiterOf(source) });
  const blocks: string[] = [];
  let header: readonly string[] | undefined;
  let length = 0;
  for await (const record of records as AsyncIterable<string[]>) {
    const cells = record.map((cell) => cell.replace(/\s+/g, ' ').trim());
    const filled = cells.filter((cell) => cell !== '').length;
    if (filled === 0) continue;
    const block = header ? described(header, cells) : row(cells);
    // A lone cell above the table is its title.
    if (!header && filled > 1) header = isHeader(cells) ? cells : [];
    blocks.push(block);
    grown((length += block.length + 2));
  }
  return blocks.join('\n\n');
}

/** The one by which most of the first records have as many fields as the first of all, and more than one. */
function delimiterOf(source: string): string {
  const sample = source.slice(0, SAMPLE.characters);
  const scores = DELIMITERS.map((delimiter) => score(sample, delimiter));
  return DELIMITERS[scores.indexOf(Math.max(...scores))] as string;
}

function score(sample: string, delimiter: string): number {
  try {
    const records = parseSync(sample, { ...LENIENT, delimiter, to: SAMPLE.records }) as string[][];
    const width = records[0]?.length ?? 1;
    return width > 1 ? records.filter((record) => record.length === width).length + width / 1000 : 0;
  } catch {
    // The sample ends within quotes, or quotes mean something else with this delimiter.
    return 0;
  }
}

/** Names of columns are all there, each another, with letters in them, and none begins as a date does. */
function isHeader(cells: readonly string[]): boolean {
  return new Set(cells).size === cells.length && cells.every((cell) => /^(?!\d+[-/.:]).*[\p{L}#]/u.test(cell));
}

/** Fields beyond the header stand by themselves; without a header the record is a row. */
function described(header: readonly string[], cells: readonly string[]): string {
  if (header.length === 0) return row(cells);
  return cells
    .map((cell, column) => (cell === '' ? '' : header[column] ? `${header[column]}: ${cell}` : cell))
    .filter((line) => line !== '')
    .join('\n');
}

const row = (cells: readonly string[]) => cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1).join(' | ');
