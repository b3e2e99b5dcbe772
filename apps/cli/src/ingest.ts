import { relative, resolve } from 'node:path';
import { openApi, type Api } from './api/api.js';
import type { StoreObject } from './api/objects.js';
import { command } from './command.js';
import { DEFAULT_STORE, findStore } from './find-store.js';
import { forEachOf } from './ingest/for-each-of.js';
import { ingestFile } from './ingest/ingest-file.js';
import { report } from './ingest/report.js';
import { storedContents } from './ingest/stored-contents.js';
import { walk } from './ingest/walk.js';
import { UsageError } from './usage-error.js';

const HELP = `Usage: packhouse ingest PATH... [--store NAME] [--json]

Uploads files, and all files in folders, and waits until each can be searched. Hidden files and links in folders are left
out. Says a line of each file that failed, and why; the others go on.

Run again, it goes on where it was broken off: what is in the store with the same content (by its SHA-256, whatever the
file is called) is skipped, what is under way is waited for, what failed is tried again. It knows what it put there
itself, by the attribute sha256. A file that was changed is added beside what it was: packhouse files delete.

Options:
  --store NAME    name or id of the vector store; made if there is none of that name (default: ${DEFAULT_STORE})
  --json          print a line of JSON for each file as it ends, and one of totals

Ends with 1 where a file failed.
`;

/** Enough to keep a server busy: one is read while another is embedded. */
const AT_ONCE = 4;

export const ingest = command({
  help: HELP,
  takesWords: true,
  options: { store: { type: 'string', default: DEFAULT_STORE }, json: { type: 'boolean', default: false } },
  async run({ values, words }, signal) {
    if (words.length === 0) throw new UsageError('Say which files or folders.');
    const api = await openApi(signal);
    const store = await storeNamed(api, values.store);
    const { begin, ended, end } = report(values.json);
    const paths = await walk(words.map(fromHere), (path, fault) => ended(shown(path), fault));
    const target = { api, store: store.id, stored: await storedContents(api, store.id), underWay: new Map() };
    begin(paths.length);
    let failed: number;
    try {
      await forEachOf(paths, AT_ONCE, signal, async (path, either) => {
        ended(shown(path), await ingestFile(target, path, either));
      });
    } finally {
      failed = end(store);
    }
    if (failed > 0) throw new Error(`${failed} files failed.`);
  },
});

async function storeNamed(api: Api, name: string): Promise<StoreObject> {
  return (await findStore(api, name)) ?? api.post<StoreObject>('/vector_stores', { name });
}

/** npm runs its scripts in the workspace: it tells where the person stands who named the paths. */
const here =
  process.env['npm_lifecycle_event'] === 'packhouse' ? (process.env['INIT_CWD'] ?? process.cwd()) : process.cwd();

const fromHere = (path: string) => resolve(here, path);

function shown(path: string): string {
  const short = relative(here, path);
  return short.startsWith('..') ? path : short;
}
