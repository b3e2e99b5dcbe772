import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('../run.mjs', import.meta.url));

/** A clone in a folder of its own, where `npm` only notes how it was called, installs a marker and ends as told. */
function clone({ npmEnds = 0 } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'clone-'));
  const bin = join(root, 'machine');
  for (const folder of [bin, join(root, 'tools/start')]) mkdirSync(folder, { recursive: true });
  cpSync(runner, join(root, 'tools/start/run.mjs'));
  writeFileSync(join(root, 'package-lock.json'), '{}');
  const npm = `#!/bin/sh\necho "$@" >> ${root}/npm-calls\nmkdir -p ${root}/node_modules\ntouch ${root}/node_modules/.package-lock.json\necho chatter\nexit ${npmEnds}\n`;
  writeFileSync(join(bin, 'npm'), npm);
  chmodSync(join(bin, 'npm'), 0o755);

  const start = (...command: string[]) =>
    inGroup(process.execPath, ['tools/start/run.mjs', ...command], {
      cwd: root,
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` },
    });
  const run = async (...command: string[]) => {
    const child = start(...command);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (data) => (output[name] += data));
    const code = await new Promise((done) => child.on('close', done));
    return { ...output, code };
  };
  const installs = () => readFileSync(join(root, 'npm-calls'), 'utf8').trim().split('\n').length;
  /** As npm does it: a shell in between, which waits. */
  const startInShell = (...command: string[]) =>
    inGroup('sh', ['-c', `"$0" "$@"; exit`, process.execPath, 'tools/start/run.mjs', ...command], {
      cwd: root,
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` },
    });
  return { root, start, startInShell, run, installs };
}

const WAITS = 'trap "echo drained; exit 0" TERM; echo up; while :; do sleep 0.1; done';

/** Sends a signal once the command is up; resolves with all it printed. */
async function signalled(child: ChildProcessWithoutNullStreams) {
  let stdout = '';
  child.stdout.on('data', (data) => {
    stdout += data;
    if (stdout === 'up\n') child.kill('SIGTERM');
  });
  const [code] = await once(child, 'close');
  return { stdout, code };
}

const started: ChildProcessWithoutNullStreams[] = [];

/** In a process group of its own, so that nothing it started outlives the test. */
function inGroup(command: string, args: string[], options: object) {
  const child = spawn(command, args, { ...options, detached: true });
  started.push(child as ChildProcessWithoutNullStreams);
  return child as ChildProcessWithoutNullStreams;
}

afterEach(() => {
  for (const { pid } of started.splice(0)) {
    try {
      process.kill(-pid!, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  }
});

describe('run.mjs', () => {
  it('installs first after a clone and says so on stderr alone', async () => {
    const { run, installs } = clone();
    const { stdout, stderr, code } = await run('echo', 'ran');
    expect({ stdout, code }).toEqual({ stdout: 'ran\n', code: 0 });
    expect(stderr).toContain('installing dependencies');
    expect(installs()).toBe(1);
  });

  it('is silent and installs nothing when the install is there', async () => {
    const { run, installs } = clone();
    await run('true');
    expect(await run('echo', 'ran')).toEqual({ stdout: 'ran\n', stderr: '', code: 0 });
    expect(installs()).toBe(1);
  });

  it('installs again when the lock file is newer than the install', async () => {
    const { root, run, installs } = clone();
    await run('true');
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(root, 'package-lock.json'), later, later);
    await run('true');
    expect(installs()).toBe(2);
  });

  it('does not run the command when the install fails', async () => {
    const { stdout, stderr, code } = await clone({ npmEnds: 7 }).run('echo', 'ran');
    expect({ stdout, code }).toEqual({ stdout: '', code: 7 });
    expect(stderr).toContain('npm ci failed');
  });

  it('ends as the command ended', async () => {
    expect((await clone().run('sh', '-c', 'exit 3')).code).toBe(3);
    expect((await clone().run('no-such-command')).code).toBe(127);
  });

  it('passes a signal on and waits for the command to end by itself', async () => {
    expect(await signalled(clone().start('sh', '-c', WAITS))).toEqual({ stdout: 'up\ndrained\n', code: 0 });
  });

  it('ends the command when the shell it was started by is gone, as after a SIGTERM for npm', async () => {
    expect((await signalled(clone().startInShell('sh', '-c', WAITS))).stdout).toBe('up\ndrained\n');
  });

  it('tells it so once: a second signal would end it before it has drained', async () => {
    const drains = 'trap "echo told" TERM; echo up; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; done; echo drained';
    expect((await signalled(clone().startInShell('sh', '-c', drains))).stdout).toBe('up\ntold\ndrained\n');
  });
});
