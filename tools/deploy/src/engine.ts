import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from './files.js';

const LIMITS = { maxBuffer: 64 * 1024 * 1024, timeout: 1_200_000 };

/** What there is not enough of to run containers here, for the title of a test; undefined where all is there. */
export function lacking(): string | undefined {
  const works = (...args: string[]) => spawnSync('docker', args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
  if (!works('info')) return 'no Docker engine answers';
  return works('compose', 'version') ? undefined : 'Docker has no compose';
}

/** Runs docker at the top of the repository and returns what it printed; fails with what it complained of. */
export async function docker(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args, {
    ...LIMITS,
    cwd: ROOT,
    env: { ...process.env, DOCKER_BUILDKIT: '1', ...env },
  });
  return stdout.trim();
}
