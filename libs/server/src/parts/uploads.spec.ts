import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeUploads, openUploads } from './uploads.js';

const folderOf = (pid: number, host = hostname()) => join(tmpdir(), `packhouse-uploads-${host}-${pid}-abcdef`);

async function left(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'upload'), 'bytes');
  return folder;
}

describe('the folder of uploads', () => {
  it('is made after those of processes that died here are gone, and theirs alone', async () => {
    const print = 'process.stdout.write(String(process.pid))';
    const dead = Number(execFileSync(process.execPath, ['--eval', print], { encoding: 'utf8' }));
    const [orphan, earlier] = [await left(folderOf(dead)), await left(folderOf(process.pid))];
    const [living, elsewhere] = [await left(folderOf(process.ppid)), await left(folderOf(dead, 'elsewhere'))];
    const first = await openUploads();
    const second = await openUploads();
    expect([orphan, earlier, living, elsewhere, first, second].map(existsSync)).toEqual([
      ...[false, false],
      ...[true, true, true, true],
    ]);
    await Promise.all([closeUploads(first), closeUploads(second), rm(living, { recursive: true })]);
    await rm(elsewhere, { recursive: true });
    expect(existsSync(first)).toBe(false);
  });
});
