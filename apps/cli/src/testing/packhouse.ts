import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const app = fileURLToPath(new URL('../..', import.meta.url));
const FLAGS = ['--import', 'tsx', '--conditions', '@packhouse/source', 'src/main.ts'];

/** Runs the command as a person would, with these settings and no others; fails with its exit code and what it printed. */
export const packhouse = (args: string[], env: Record<string, string>) =>
  promisify(execFile)(process.execPath, [...FLAGS, ...args], { cwd: app, env: { PATH: process.env['PATH'], ...env } });
