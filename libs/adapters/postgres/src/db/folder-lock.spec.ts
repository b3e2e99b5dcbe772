import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from './folder-lock.js';

describe('lockFolder', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  const lockFile = () => join(folder, 'packhouse.lock');

  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'packhouse-'))));
  afterEach(async () => {
    child?.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  /** Another process that has the folder, as far as the lock says. */
  async function lockByAnother(): Promise<number> {
    child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log()']);
    await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
    const lock = await lockFolder(folder);
    const own = JSON.parse(await readFile(lockFile(), 'utf8')) as { pid: number; started: string };
    await lock.release();
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => undefined);
    const started = stat && `${own.started.split(' ')[0]} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
    await writeFile(lockFile(), JSON.stringify({ pid: child.pid, started: started ?? null }));
    return child.pid as number;
  }

  it('keeps others out until it lets go, naming the folder and the process', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`${folder} is in use by process ${process.pid}`),
    });
    await lock.release();
    await (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets one of many in', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('respects another process while it lives and takes over when it was killed', async () => {
    const pid = await lockByAnother();
    await expect(lockFolder(folder)).rejects.toThrow(`process ${pid}`);
    child?.kill('SIGKILL');
    await once(child as ChildProcess, 'exit');
    await (await lockFolder(folder)).release();
  });

  it('is not fooled by a process that was given the number of a dead one', async () => {
    await writeFile(lockFile(), JSON.stringify({ pid: process.pid, started: 'another boot 1' }));
    await (await lockFolder(folder)).release();
  });

  it('takes over a lock that says nothing', async () => {
    await writeFile(lockFile(), '');
    await (await lockFolder(folder)).release();
  });
});
