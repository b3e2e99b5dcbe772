import type { SaxesTagNS } from 'saxes';
import { tableLines } from './table-lines.js';
import type { XmlHandler } from './xml.js';

/** Deleted and moved text, field codes, and the copy of a drawing for old programs: no one sees these. */
const UNSEEN = new Set(['del', 'moveFrom', 'instrText', 'delText', 'delInstrText', 'Fallback']);
const SIGNS: Readonly<Record<string, string>> = { tab: '\t', br: '\n', cr: '\n', noBreakHyphen: '-' };
/** A cell with more paragraphs than this is there for the layout of a page. */
const MAX_CELL_PARAGRAPHS = 3;

interface Block {
  readonly text: string;
  /** A list item or a table row: it follows the one before on the next line. */
  readonly close: boolean;
}

interface Paragraph {
  text: string;
  item: boolean;
  level: number;
}

/** A table being read: its rows so far, the last of them open. */
interface Table {
  readonly rows: Block[][][];
  /** Columns that the open cell takes. */
  span: number;
}

/** Collects the text of a part of a Word document. `grown` is told of the length from time to time, and may throw. */
export function wordBlocks(grown: (length: number) => void): XmlHandler & { joined(): string } {
  // Tables stand in cells, text boxes in paragraphs: each opens a place of its own for what is in it.
  const places: Block[][] = [[]];
  const tables: Table[] = [];
  const paragraphs: Paragraph[] = [];
  let unseen = 0;
  let inText = false;
  let inRun = false;
  let hidden = false;
  let length = 0;

  const write = (text: string) => {
    const paragraph = paragraphs.at(-1);
    if (!paragraph || hidden) return;
    paragraph.text += text;
    grown((length += text.length));
  };

  const opened: Record<string, (tag: SaxesTagNS) => void> = {
    p: () => paragraphs.push({ text: '', item: false, level: 0 }),
    r: () => {
      inRun = true;
      hidden = false;
    },
    t: () => (inText = true),
    vanish: (tag) => (hidden ||= inRun && !['0', 'false'].includes(valueOf(tag))),
    ilvl: (tag) => ((paragraphs.at(-1) as Paragraph).level = Math.min(Number(valueOf(tag)) || 0, 8)),
    numId: (tag) => ((paragraphs.at(-1) as Paragraph).item = valueOf(tag) !== '0'),
    tbl: () => tables.push({ rows: [], span: 1 }),
    tr: () => tables.at(-1)?.rows.push([]),
    tc: () => places.push([]),
    gridSpan: (tag) => ((tables.at(-1) as Table).span = Math.min(Number(valueOf(tag)) || 1, 64)),
  };
  const closed: Record<string, () => void> = {
    p: () => {
      const paragraph = paragraphs.pop();
      const text = paragraph?.text.trim();
      if (paragraph && text) places.at(-1)?.push(asBlock(paragraph, text));
    },
    r: () => (inRun = hidden = false),
    t: () => (inText = false),
    tc: () => {
      const table = tables.at(-1);
      const cell = places.pop() as Block[];
      const blanks = Array.from({ length: (table?.span ?? 1) - 1 }, () => []);
      table?.rows.at(-1)?.push(cell, ...blanks);
      if (table) table.span = 1;
    },
    tbl: () => places.at(-1)?.push(...tableBlocks(tables.pop()?.rows ?? [])),
  };

  return {
    open(tag) {
      if (unseen > 0 || UNSEEN.has(tag.local)) unseen++;
      else if (inRun && tag.local in SIGNS) write(SIGNS[tag.local] as string);
      else opened[tag.local]?.(tag);
    },
    close({ local }) {
      if (unseen > 0) unseen--;
      else closed[local]?.();
    },
    text: (text) => inText && unseen === 0 && write(text),
    joined: () => join(places[0] as Block[]),
  };
}

const valueOf = ({ attributes }: SaxesTagNS): string =>
  Object.values(attributes).find(({ local }) => local === 'val')?.value ?? '';

const asBlock = ({ item, level }: Paragraph, text: string): Block =>
  item ? { text: `${'  '.repeat(level)}- ${text}`, close: true } : { text, close: false };

function join(blocks: readonly Block[]): string {
  return blocks.reduce((joined, { text, close }, index) => {
    if (index === 0) return text;
    return `${joined}${close && blocks[index - 1]?.close ? '\n' : '\n\n'}${text}`;
  }, '');
}

function tableBlocks(rows: readonly Block[][][]): Block[] {
  const cells = rows.flat();
  const layout = rows.every((row) => row.length === 1) || cells.some((cell) => cell.length > MAX_CELL_PARAGRAPHS);
  if (layout) return cells.flat();
  const texts = rows.map((row) => row.map((cell) => cell.map(({ text }) => text).join(' ')));
  const lines = tableLines(texts).filter((line) => line !== '');
  return lines.length === 0 ? [] : [{ text: lines.join('\n'), close: false }];
}
