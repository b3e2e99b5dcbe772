import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** An app in a process of its own, run from source. */
export interface AppProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly output: { stdout: string; stderr: string };
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Where it answers, once it says so; fails with what it printed where it ends before. */
  readonly url: Promise<string>;
}

const running = new Set<AppProcess>();

/** Starts an app with these settings and no others. */
export function spawnApp(app: 'api' | 'worker', env: Readonly<Record<string, string | undefined>>): AppProcess {
  const flags = ['--import', 'tsx', '--conditions', '@packhouse/source', here(`../../../../apps/${app}/src/main.ts`)];
  const child = spawn(process.execPath, flags, {
    env: {
      PATH: process.env['PATH'],
      TSX_TSCONFIG_PATH: here('../../../../tools/typescript/tsconfig.json'),
      PORT: '0',
      ...env,
    },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (data) => (output[name] += data));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const url = address(output, ended);
  // Who does not ask for the address expects the process to end.
  url.catch(() => undefined);
  const app_ = { child, output, ended, url };
  running.add(app_);
  void ended.then(() => running.delete(app_));
  return app_;
}

async function address(output: AppProcess['output'], ended: AppProcess['ended']): Promise<string> {
  let over = false;
  void ended.then(() => (over = true));
  for (;;) {
    const url = /http:\/\/[\d.]+:\d+/.exec(output.stdout)?.[0];
    if (url) return url;
    if (over) throw new Error(output.stdout + output.stderr);
    await sleep(20);
  }
}

/** Ends what is left, however a test went. */
export async function killApps(): Promise<void> {
  const left = [...running];
  for (const { child } of left) child.kill('SIGKILL');
  await Promise.all(left.map(({ ended }) => ended));
}

/** Waits until it holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}
