import { spawn, type ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const FLAGS = ['--import', 'tsx', '--conditions', '@packhouse/source', here('../main.ts')];

/** How a run of the command ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/**
 * Starts the command with these settings and no others, as `npm run packhouse` does: in the workspace, and told where
 * the person stands.
 */
export function start(args: string[], env: Record<string, string>, from = here('../..')): Running {
  const child = spawn(process.execPath, [...FLAGS, ...args], {
    cwd: here('../..'),
    env: {
      PATH: process.env['PATH'],
      TSX_TSCONFIG_PATH: here('../../../../tools/typescript/tsconfig.json'),
      npm_lifecycle_event: 'packhouse',
      INIT_CWD: from,
      ...env,
    },
  });
  const code = new Promise<number | null>((done) => child.on('close', done));
  const ended = Promise.all([code, text(child.stdout), text(child.stderr)]).then(([code, stdout, stderr]) => ({
    code,
    stdout,
    stderr,
  }));
  return { child, ended };
}

/** Runs it to its end; fails with its exit code and what it printed. */
export async function packhouse(args: string[], env: Record<string, string>, from?: string): Promise<Ended> {
  const ended = await start(args, env, from).ended;
  if (ended.code === 0) return ended;
  throw Object.assign(new Error(`${args.join(' ')} ended with ${ended.code}: ${ended.stderr}`), ended);
}
