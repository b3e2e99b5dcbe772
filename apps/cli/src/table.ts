import { stripVTControlCharacters, styleText } from 'node:util';

/** Rows as columns two spaces apart, under heads; those of numbers, by their heads' names, to the right. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], numbers: readonly string[] = []) {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => width(row[column] ?? ''))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] as number) - width(cell));
        return numbers.includes(heads[column] as string) ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return [styleText('dim', line(heads)), ...rows.map(line)].map((each) => `${each}\n`).join('');
}

const width = (cell: string) => stripVTControlCharacters(cell).length;
