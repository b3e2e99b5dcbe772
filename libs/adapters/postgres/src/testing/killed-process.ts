import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import type { Db } from '../db/db.js';
import { openPglite } from '../pglite.js';
import { prepareFolder } from './prepared-folder.js';
import { testDatabases } from './test-databases.js';

/** A database that another process can work on. */
export interface Place {
  readonly where: string;
  open(): Promise<{ db: Db; close(): Promise<void> }>;
  remove(): Promise<void>;
}

export interface PlaceKind {
  readonly name: string;
  make(): Promise<Place>;
}

/** Where processes are killed: PGlite in a folder always, and PostgreSQL where TEST_DATABASE_URL names a server. */
export function places(): PlaceKind[] {
  const server = testDatabases().find(({ name }) => name === 'PostgreSQL');
  const pglite = { name: 'PGlite', make: inFolder };
  return server ? [pglite, { name: 'PostgreSQL', make: () => onServer(server.open) }] : [pglite];
}

async function inFolder(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'packhouse-killed-'));
  await prepareFolder(folder);
  return { where: folder, open: () => openPglite(folder), remove: () => rm(folder, { recursive: true }) };
}

async function onServer(open: ReturnType<typeof testDatabases>[number]['open']): Promise<Place> {
  const { db, url, close } = await open();
  return { where: url ?? '', open: async () => ({ db, close: async () => undefined }), remove: close };
}

/** Starts a script of this folder in a process of its own. */
export function startScript(script: string, ...args: readonly string[]) {
  const tsconfig = fileURLToPath(new URL('../../../../../tsconfig.base.json', import.meta.url));
  const file = fileURLToPath(new URL(script, import.meta.url));
  return spawn(process.execPath, ['--import', 'tsx', '--conditions', '@packhouse/source', file, ...args], {
    env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Starts a script, kills it (SIGKILL) as it says its first word, and returns the word. */
export async function killedAtWord(script: string, ...args: readonly string[]): Promise<string> {
  const child = startScript(script, ...args);
  const gone = once(child, 'exit');
  let word = '';
  for await (const line of createInterface({ input: child.stdout })) {
    word = line;
    child.kill('SIGKILL');
  }
  await gone;
  return word;
}
