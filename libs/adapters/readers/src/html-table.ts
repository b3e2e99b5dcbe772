import type { DomNode, FormatCallback } from 'html-to-text';
import { tableLines } from './table-lines.js';

/** Renders a table, or a row that broken markup left outside of one, as one line a row with bars between the cells. */
export const formatTable: FormatCallback = (element, walk, builder) => {
  const children = isRow(element) ? [element] : (element.children ?? []);
  // A caption, and whatever broken markup left between the rows: a browser shows it above the table.
  walk(
    children.filter((child) => !isPart(child)),
    builder,
  );
  builder.openTable();
  for (const row of rowsOf(children)) {
    builder.openTableRow();
    for (const cell of cellsOf(row)) {
      builder.openTableCell();
      walk(cell.children ?? [], builder);
      builder.closeTableCell({ colspan: columns(cell) });
    }
    builder.closeTableRow();
  }
  builder.closeTable({ tableToString: layOut, ...(isRow(element) ? NEXT_LINE : OWN_BLOCK) });
};

const NEXT_LINE = { leadingLineBreaks: 1, trailingLineBreaks: 1 };
const OWN_BLOCK = { leadingLineBreaks: 2, trailingLineBreaks: 2 };
const SECTIONS = ['thead', 'tbody', 'tfoot'];

const isSection = ({ name }: DomNode) => SECTIONS.includes(name ?? '');
const isRow = ({ name }: DomNode) => name === 'tr';
const isPart = (node: DomNode) => isSection(node) || isRow(node);

function rowsOf(nodes: readonly DomNode[]): DomNode[] {
  return nodes.flatMap((node) => (isSection(node) ? (node.children ?? []).filter(isRow) : isRow(node) ? node : []));
}

function cellsOf(row: DomNode): DomNode[] {
  return (row.children ?? []).filter(({ name }) => name === 'td' || name === 'th');
}

/** As many as the HTML standard allows at most. */
function columns({ attribs }: DomNode): number {
  return Math.min(Math.max(Math.trunc(Number(attribs?.['colspan'])) || 1, 1), 1000);
}

interface Cell {
  readonly text: string;
  readonly colspan: number;
}

function layOut(table: readonly (readonly Cell[])[]): string {
  const rows = table.map((cells) => cells.flatMap(({ text, colspan }) => [text.trim(), ...blanks(colspan - 1)]));
  return tableLines(rows)
    .map((line, index) => layout(rows[index] as string[]) ?? line)
    .filter((row) => row !== '')
    .join('\n');
}

const blanks = (count: number) => new Array<string>(count).fill('');

/** A cell of several paragraphs is a page's layout, not a table's datum. */
function layout(row: readonly string[]): string | undefined {
  if (!row.some((text) => text.includes('\n\n'))) return undefined;
  return `\n${row.filter((text) => text !== '').join('\n\n')}\n`;
}
