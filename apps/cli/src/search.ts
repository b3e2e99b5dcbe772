import { styleText } from 'node:util';
import { openApi } from './api/api.js';
import type { SearchResult } from './api/objects.js';
import { command } from './command.js';
import { DEFAULT_STORE, requireStore } from './find-store.js';
import { printable } from './printable.js';
import { source } from './source.js';
import { UsageError } from './usage-error.js';

const HELP = `Usage: packhouse search QUERY... [--store NAME] [--limit N] [--json]

Prints the passages that fit best, each with its file and page, the best first. Of long ones the beginning.

Options:
  --store NAME    name or id of the vector store to search (default: ${DEFAULT_STORE})
  --limit N       how many passages, to 50 (default: 10)
  --json          print the API's own document, passages whole
`;

export const search = command({
  help: HELP,
  takesWords: true,
  options: {
    store: { type: 'string', default: DEFAULT_STORE },
    limit: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
  async run({ values, words }, signal) {
    const query = words.join(' ').trim();
    if (!query) throw new UsageError('Say what to search for.');
    const request = { query, max_num_results: limit(values.limit) };
    const api = await openApi(signal);
    const { id } = await requireStore(api, values.store);
    const found = await api.post<{ data: SearchResult[] }>(`/vector_stores/${id}/search`, request);
    if (values.json) return void process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    process.stdout.write(found.data.map(passage).join('\n') || 'Nothing was found.\n');
  },
});

function limit(given: string): number {
  const number = Number(given);
  if (Number.isInteger(number) && number >= 1 && number <= 50) return number;
  throw new UsageError('--limit is a whole number from 1 to 50.');
}

/** Of a passage: enough to see whether it is the one. */
const SHOWN = 300;

function passage({ filename, page, score, content }: SearchResult, index: number): string {
  const text = printable(content.map(({ text }) => text).join(' '));
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)} ...` : text;
  return `${styleText('bold', `${index + 1}. ${source({ filename, page })}`)}  ${styleText('dim', score.toFixed(3))}\n   ${shown}\n`;
}
