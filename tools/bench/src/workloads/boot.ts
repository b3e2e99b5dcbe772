import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOnce, type Program } from '../boot/server-process.js';
import { short, table } from '../report/format.js';
import { inRounds, ratio, typical } from '../rounds.js';
import { freshDatabase } from '../systems/databases.js';
import type { Workload } from './workload.js';

const FIGURES = ['ready ms', 'CPU ms', 'idle MB'] as const;
const workspace = fileURLToPath(new URL('../../../../', import.meta.url));

/** From the start of a process to its first answer, and what it then holds: the built API on a migrated PostgreSQL. */
export const boot: Workload = async ({ serverUrl, rounds }) => {
  execFileSync('npx', ['nx', 'build', '@packhouse/api'], { cwd: workspace, stdio: ['ignore', 'ignore', 'inherit'] });
  const data = mkdtempSync(join(tmpdir(), 'boot-'));
  const { url, drop } = await freshDatabase(serverUrl, 'bench_boot');
  try {
    const programs = programsOn(url, data);
    // Migrates the database, and leaves behind what was compiled.
    await startOnce(programs[0]!);
    const measured = await inRounds(programs, rounds, startOnce);
    const rows = programs.map(({ name }) => [
      name,
      ...FIGURES.map((figure) => short(typical(measured, name, figure))),
      ratio(measured, [name, 'CPU ms'], ['bare Nest', 'CPU ms']),
    ]);
    return table(['process', ...FIGURES, 'CPU to bare Nest'], rows);
  } finally {
    await drop();
    rmSync(data, { recursive: true, force: true });
  }
};

function programsOn(databaseUrl: string, data: string): Program[] {
  const env = { DATABASE_URL: databaseUrl, PACKHOUSE_DATA: data, PORT: '0' };
  const api = { file: 'apps/api/dist/main.js', env };
  return [
    { name: 'API', ...api },
    { name: 'API, nothing compiled before', ...api, env: { ...env, NODE_DISABLE_COMPILE_CACHE: '1' } },
    { name: 'bare Nest', file: 'tools/bench/fixtures/bare-nest.mjs', env: {} },
  ];
}
