import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Span } from './waited.js';

const workspace = fileURLToPath(new URL('../../../../', import.meta.url));

/** Of Linux, in /proc/PID/stat. */
const TICK_MS = 10;
const DEADLINE_MS = 300_000;

/** A program that prints a line with its URL when it is ready and ends on SIGTERM. */
export interface Program {
  readonly name: string;
  /** From the workspace's root. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** What is loaded before it, from the workspace's root. */
  readonly before?: string;
}

export interface ServerProcess {
  readonly url: string;
  /** From its start until its line came, in milliseconds of the clock. */
  readonly starting: Span;
  /** User and system time of all its threads. */
  cpuMs(): number;
  residentMb(): number;
  stop(): Promise<void>;
}

export async function start({ file, env, before }: Program): Promise<ServerProcess> {
  const begun = now();
  const flags = file.endsWith('.ts') ? ['--import', 'tsx', '--conditions', '@packhouse/source'] : [];
  if (before) flags.push('--import', `./${before}`);
  const server = spawn(process.execPath, [...flags, file], {
    cwd: workspace,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  };
  try {
    const [url] = /http:\/\/[^\s/]+/.exec(await firstWords(server)) ?? [];
    if (!url) throw new Error(`${file} did not say where it listens.`);
    const starting = [begun, now()] as const;
    return { url, starting, cpuMs: () => cpuMs(server.pid!), residentMb: () => residentMb(server.pid!), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The same in all processes. */
const now = () => performance.timeOrigin + performance.now();

async function firstWords(server: ChildProcess): Promise<string> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const ended = once(server, 'exit', { signal }).then(([code]) => {
    throw new Error(`It ended with ${code} before it was ready.`);
  });
  const [words] = await Promise.race([once(server.stdout!, 'data', { signal }), ended]);
  ended.catch(() => {});
  return String(words);
}

function cpuMs(pid: number): number {
  const [, fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields!.split(' ').slice(11, 13).map(Number);
  return (user! + system!) * TICK_MS;
}

function residentMb(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kilobytes) / 1_024;
}
