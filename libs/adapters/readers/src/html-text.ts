import { compile, type SelectorDefinition } from 'html-to-text';
import { formatTable } from './html-table.js';

const UNSEEN = ['script', 'style', 'noscript', 'template', 'head', 'title', 'nav', 'svg', 'iframe', 'object', 'img'];
const HIDDEN = ['*[hidden]', '*[style*="display:none"i]', '*[style*="display: none"i]'];
const BLOCKS = ['section', 'figure', 'figcaption', 'address', 'details', 'summary', 'fieldset', 'legend', 'hr'];
const LOOSE = ['caption', 'dt', 'dd', 'blockquote', 'td', 'th'];
const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

const selectors: SelectorDefinition[] = [
  ...[...UNSEEN, ...HIDDEN].map((selector) => ({ selector, format: 'skip' })),
  ...[...BLOCKS, ...LOOSE].map((selector) => ({
    selector,
    format: 'block',
    options: { leadingLineBreaks: 1, trailingLineBreaks: 1 },
  })),
  ...HEADINGS.map((selector) => ({ selector, options: { uppercase: false, leadingLineBreaks: 2 } })),
  { selector: 'a', options: { ignoreHref: true } },
  { selector: 'ul', options: { itemPrefix: '- ' } },
  { selector: 'table', format: 'rows' },
  { selector: 'tr', format: 'rows' },
];

const convert = compile({
  wordwrap: false,
  // 0 is no limit: the library's own would cut a long page short and print a warning. The reader bounds its input.
  limits: { maxInputLength: 0 },
  formatters: { rows: formatTable },
  selectors,
});

/** What a person reads on a web page: blocks apart by a blank line, list items and table rows a line each. */
export function htmlToText(source: string): string {
  const lines = convert(source).split('\n');
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The page's title, where it has one. */
export function htmlTitle(source: string): string | undefined {
  const title = /<title(?:\s[^<>]*)?>([^<]*)/i.exec(source)?.[1];
  return title === undefined ? undefined : htmlToText(`<p>${title}</p>`);
}
