import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PackhouseError } from '@packhouse/core';

/** A folder that this process alone may use until it lets go. */
export interface FolderLock {
  release(): Promise<void>;
}

const FILE = 'packhouse.lock';

/**
 * Takes a folder for this process, creating it where needed. The lock of a process that is gone (killed, crashed) is
 * taken over. Knows the processes of one machine only: a folder shared over a network is not protected.
 *
 * @throws PackhouseError `conflict` naming the folder and the process that has it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, FILE);
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) });
  if (!(await create(path, mine))) {
    await removeStale(folder, path);
    if (!(await create(path, mine))) throw taken(folder, ownerOf(await read(path)));
  }
  return { release: () => removeOwn(path, mine) };
}

/** Written aside and linked into place, so that no one ever reads half a lock. */
async function create(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, content);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeStale(folder: string, path: string): Promise<void> {
  const found = await read(path);
  const owner = ownerOf(found);
  if (owner && (await lives(owner))) throw taken(folder, owner);
  const aside = `${path}.stale.${process.pid}`;
  await rename(path, aside).catch(ignore('ENOENT'));
  // Between the reading and the renaming another process may have taken over: then it is its lock that was moved.
  const moved = await read(aside);
  if (moved !== undefined && moved !== found) await link(aside, path).catch(ignore('EEXIST'));
  await rm(aside, { force: true });
}

async function removeOwn(path: string, mine: string): Promise<void> {
  if ((await read(path)) === mine) await rm(path, { force: true });
}

interface Owner {
  readonly pid: number;
  readonly started: string | null;
}

function ownerOf(content: string | undefined): Owner | undefined {
  try {
    return JSON.parse(content ?? '') as Owner;
  } catch {
    return undefined;
  }
}

/** A process id is given out again after a while, and in a container it is always the same: its start tells. */
async function lives({ pid, started }: Owner): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
  return started === (await startOf(pid));
}

/** When a process started, in clock ticks since this boot; null where the system does not say (it has no /proc). */
async function startOf(pid: number): Promise<string | null> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The second field is the command in brackets and may hold anything; the start is the 22nd.
    return `${boot.trim()} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return null;
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(ignore('ENOENT'));
}

function ignore(code: string): (error: unknown) => undefined {
  return (error) => {
    if (!isCode(error, code)) throw error;
  };
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

function taken(folder: string, owner: Owner | undefined): PackhouseError {
  const who = owner ? `process ${owner.pid}` : 'another process';
  return new PackhouseError('conflict', `The folder ${folder} is in use by ${who}. Stop it, or choose another folder.`);
}
