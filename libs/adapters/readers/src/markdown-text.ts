import type { List, Nodes, Parents, Root, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { htmlToText } from './html-text.js';

/** A Markdown document's plain text, and its first heading of level 1. */
export function markdownText(source: string): { text: string; title: string | undefined } {
  const root = fromMarkdown(source, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return { text: textOf(root), title: titleOf(root) };
}

function titleOf({ children }: Root): string | undefined {
  const heading = children.find((node) => node.type === 'heading' && node.depth === 1);
  return heading && textOf(heading);
}

function textOf(node: Nodes): string {
  switch (node.type) {
    case 'root':
    case 'blockquote':
    case 'footnoteDefinition':
      return blocks(node);
    case 'list':
      return node.children.map((item, index) => listItem(marker(node, index), blocks(item))).join('\n');
    case 'table':
      return rows(node);
    case 'html':
      return htmlToText(node.value);
    case 'text':
    case 'code':
    case 'inlineCode':
      return node.value;
    case 'image':
    case 'imageReference':
      return node.alt ?? '';
    case 'break':
      return '\n';
    default:
      return 'children' in node ? inline(node) : '';
  }
}

/** Blocks apart by a blank line; a list right below its paragraph belongs to it. */
function blocks({ children }: Parents): string {
  return children
    .map((node) => ({ text: textOf(node), close: node.type === 'list' }))
    .filter(({ text }) => text !== '')
    .reduce((joined, { text, close }) => (joined === '' ? text : `${joined}${close ? '\n' : '\n\n'}${text}`), '');
}

function inline({ children }: Parents): string {
  return children.map(inlineText).join('');
}

/** Tags in the middle of a line go, what stands between them stays. */
function inlineText(node: Nodes): string {
  return node.type === 'html' ? (/^<br\b/i.test(node.value) ? '\n' : '') : textOf(node);
}

function marker({ ordered, start }: List, index: number): string {
  return ordered ? `${(start ?? 1) + index}. ` : '- ';
}

function listItem(mark: string, text: string): string {
  return mark + text.replaceAll('\n', `\n${' '.repeat(mark.length)}`).replace(/^ +$/gm, '');
}

function rows({ children }: Table): string {
  return children.map((row) => row.children.map((cell) => inline(cell)).join(' | ')).join('\n');
}
