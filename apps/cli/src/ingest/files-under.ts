import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The file, or the files in the folder and in the folders in it, in the order of their names. In folders hidden entries
 * are left out (`.git`), and so are links: these may lead anywhere, even back.
 *
 * @throws what the file system says of a path that is not there or may not be read
 */
export async function* filesUnder(path: string): AsyncGenerator<string> {
  if ((await stat(path)).isDirectory()) yield* filesIn(path);
  else yield path;
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}
