import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders of this process: in a container every process is number 1, the one that died before it too. */
const own = new Set<string>();

/** A folder for uploads until they are stored, this process's alone. Folders that processes left here by dying go. */
export async function openUploads(): Promise<string> {
  const ours = `packhouse-uploads-${hostname()}-`;
  for (const name of await readdir(tmpdir())) {
    if (name.startsWith(ours) && isOrphaned(name, Number(name.slice(ours.length).split('-')[0]))) {
      await rm(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
  const folder = await mkdtemp(join(tmpdir(), `${ours}${process.pid}-`));
  own.add(folder);
  return folder;
}

export async function closeUploads(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  own.delete(folder);
}

function isOrphaned(name: string, pid: number): boolean {
  if (pid === process.pid) return !own.has(join(tmpdir(), name));
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // Another user's process is there, too.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
