import { openApi, type Api } from './api/api.js';
import type { StoreObject } from './api/objects.js';
import { command } from './command.js';
import { requireStore } from './find-store.js';
import { printJson } from './print-json.js';
import { printable } from './printable.js';
import { day, size } from './shown.js';
import { subcommand } from './subcommand.js';
import { table } from './table.js';
import { UsageError } from './usage-error.js';

const HELP = `Usage: packhouse stores [list] [--json]
       packhouse stores create NAME [--language TAG] [--json]
       packhouse stores delete NAME... [--json]

Vector stores are sets of files to search in. Deleting one takes its passages away and leaves its files.

Options:
  --language TAG    what the files are written in: en, de, pt-BR, ... zxx for code (default: en)
  --json            print JSON: a list, the store that was made, the ids that were deleted

A store may be named by its id, and must be where several have the same name.
`;

interface Options {
  readonly language?: string | undefined;
  readonly json: boolean;
}

export const stores = command({
  help: HELP,
  takesWords: true,
  options: { language: { type: 'string' }, json: { type: 'boolean', default: false } },
  async run({ values, words }, signal) {
    const { action, rest } = subcommand({ list, create, delete: remove }, words);
    await action(() => openApi(signal), rest, values);
  },
});

type Open = () => Promise<Api>;

async function list(open: Open, rest: readonly string[], { json }: Options): Promise<void> {
  if (rest.length > 0) throw new UsageError('stores list takes no name.');
  const all = await Array.fromAsync((await open()).all<StoreObject>('/vector_stores'));
  if (json) return printJson(all);
  if (all.length === 0) return void process.stdout.write('There is no vector store yet: packhouse ingest makes one.\n');
  const heads = ['ID', 'NAME', 'LANGUAGE', 'FILES', 'FAILED', 'SIZE', 'CREATED'];
  process.stdout.write(table(heads, all.map(row), ['FILES', 'FAILED', 'SIZE']));
}

function row({ id, name, language, file_counts: { total, failed }, usage_bytes, created_at }: StoreObject): string[] {
  return [id, printable(name), language, String(total), String(failed), size(usage_bytes), day(created_at)];
}

async function create(open: Open, rest: readonly string[], { language, json }: Options): Promise<void> {
  const [name, ...more] = rest;
  if (!name || more.length > 0)
    throw new UsageError('stores create takes one name; put quotes around one of several words.');
  const made = await (await open()).post<StoreObject>('/vector_stores', { name, ...(language && { language }) });
  if (json) return printJson(made);
  process.stdout.write(`${made.id}\n`);
}

async function remove(open: Open, rest: readonly string[], { json }: Options): Promise<void> {
  if (rest.length === 0) throw new UsageError('stores delete takes the name or id of a store.');
  const api = await open();
  const deleted: string[] = [];
  // All of them are found before the first is gone.
  for (const { id } of await Promise.all(rest.map((name) => requireStore(api, name)))) {
    await api.delete(`/vector_stores/${id}`);
    deleted.push(id);
    if (!json) process.stdout.write(`deleted ${id}\n`);
  }
  if (json) printJson({ deleted });
}
