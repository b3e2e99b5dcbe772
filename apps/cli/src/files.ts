import { openApi, type Api } from './api/api.js';
import type { FileObject, StoreFileObject, StoreObject } from './api/objects.js';
import { orUndefined } from './api/or-undefined.js';
import { command } from './command.js';
import { requireStore } from './find-store.js';
import { printJson } from './print-json.js';
import { printable } from './printable.js';
import { day, size } from './shown.js';
import { subcommand } from './subcommand.js';
import { table } from './table.js';
import { UsageError } from './usage-error.js';

const HELP = `Usage: packhouse files [list] [--store NAME] [--json]
       packhouse files status ID... [--json]
       packhouse files delete ID... [--json]

Files that were uploaded: in a vector store with how far their ingestion is, or all of them. Status goes through the
stores, and says of each that a file is in whether it can be searched there, and why not. Deleting a file takes its
passages out of every store.

Options:
  --store NAME    name or id of a vector store
  --json          print JSON: a list, or the ids that were deleted
`;

interface Options {
  readonly store?: string | undefined;
  readonly json: boolean;
}

export const files = command({
  help: HELP,
  takesWords: true,
  options: { store: { type: 'string' }, json: { type: 'boolean', default: false } },
  async run({ values, words }, signal) {
    const { action, rest } = subcommand({ list, status, delete: remove }, words);
    await action(() => openApi(signal), rest, values);
  },
});

type Open = () => Promise<Api>;

async function list(open: Open, rest: readonly string[], { store, json }: Options): Promise<void> {
  if (rest.length > 0) throw new UsageError('files list takes no id: packhouse files status ID');
  const api = await open();
  const states = store === undefined ? undefined : await statesIn(api, (await requireStore(api, store)).id);
  const found: (FileObject & Partial<State>)[] = [];
  for await (const file of api.all<FileObject>('/files')) {
    const state = states?.get(file.id);
    if (!states || state) found.push({ ...file, ...state });
  }
  if (json) return printJson(found);
  if (found.length === 0) return void process.stdout.write('There are no files.\n');
  const about = ({ id, filename, bytes, created_at }: FileObject) => [
    id,
    printable(filename),
    size(bytes),
    day(created_at),
  ];
  const heads = ['ID', 'NAME', 'SIZE', 'CREATED', ...(states ? ['STATUS'] : [])];
  const rows = found.map((file) => [...about(file), ...(states ? [words(file as State)] : [])]);
  process.stdout.write(table(heads, rows, ['SIZE']));
}

type State = Pick<StoreFileObject, 'status' | 'last_error'>;

async function statesIn(api: Api, store: string): Promise<Map<string, State>> {
  const states = new Map<string, State>();
  for await (const { id, status, last_error } of api.all<StoreFileObject>(`/vector_stores/${store}/files`)) {
    states.set(id, { status, last_error });
  }
  return states;
}

const words = ({ status, last_error: error }: State) =>
  error ? `${status}: ${error.code}: ${printable(error.message)}` : status;

async function status(open: Open, rest: readonly string[], { store, json }: Options): Promise<void> {
  if (rest.length === 0) throw new UsageError('files status takes the id of a file: packhouse files list');
  const api = await open();
  const files = await Promise.all(rest.map((id) => api.get<FileObject>(`/files/${encodeURIComponent(id)}`)));
  const stores = store === undefined ? api.all<StoreObject>('/vector_stores') : [await requireStore(api, store)];
  const found: (State & { id: string; filename: string; vector_store_id: string; vector_store: string })[] = [];
  for await (const { id: vector_store_id, name: vector_store } of stores) {
    for (const { id, filename } of files) {
      const state = await orUndefined(api.get<StoreFileObject>(`/vector_stores/${vector_store_id}/files/${id}`));
      if (!state) continue;
      const { status, last_error } = state;
      found.push({ id, filename, vector_store_id, vector_store, status, last_error });
    }
  }
  if (json) return printJson(found);
  const rows = found.map((each) => [each.id, printable(each.filename), printable(each.vector_store), words(each)]);
  process.stdout.write(rows.length > 0 ? table(['ID', 'NAME', 'STORE', 'STATUS'], rows) : 'In no vector store.\n');
}

async function remove(open: Open, rest: readonly string[], { json }: Options): Promise<void> {
  if (rest.length === 0) throw new UsageError('files delete takes the id of a file: packhouse files list');
  const api = await open();
  const deleted: string[] = [];
  for (const id of rest) {
    await api.delete(`/files/${encodeURIComponent(id)}`);
    deleted.push(id);
    if (!json) process.stdout.write(`deleted ${printable(id)}\n`);
  }
  if (json) printJson({ deleted });
}
