import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Figures } from '../rounds.js';

const workspace = fileURLToPath(new URL('../../../../', import.meta.url));

/** Of Linux, in /proc/PID/stat. */
const TICK_MS = 10;
const IDLE_MS = 5_000;
const DEADLINE_MS = 300_000;

/** A program that prints a line when it is ready and ends on SIGTERM. */
export interface Program {
  readonly name: string;
  /** From the workspace's root. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts it, lets it idle for a while, ends it. */
export async function startOnce({ file, env }: Program): Promise<Figures> {
  const begun = performance.now();
  const server = spawn(process.execPath, [file], {
    cwd: workspace,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    await firstLine(server);
    const ready = { 'ready ms': performance.now() - begun, 'CPU ms': cpuMs(server.pid!) };
    await sleep(IDLE_MS);
    return { ...ready, 'idle MB': residentMb(server.pid!) };
  } finally {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  }
}

async function firstLine(server: ChildProcess): Promise<void> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const ended = once(server, 'exit', { signal }).then(([code]) => {
    throw new Error(`It ended with ${code} before it was ready.`);
  });
  await Promise.race([once(server.stdout!, 'data', { signal }), ended]);
  ended.catch(() => {});
}

/** User and system time of all its threads. */
function cpuMs(pid: number): number {
  const [, fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields!.split(' ').slice(11, 13).map(Number);
  return (user! + system!) * TICK_MS;
}

function residentMb(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kilobytes) / 1_024;
}
