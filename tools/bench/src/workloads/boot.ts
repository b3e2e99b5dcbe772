import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { prepareDatabase } from '@packhouse/postgres';
import { start, type Program } from '../servers/server-process.js';
import { short, table } from '../report/format.js';
import { inRounds, ratio, typical, type Figures } from '../rounds.js';
import { waitedMs, type Span } from '../servers/waited.js';
import { freshDatabase } from '../systems/databases.js';
import type { Workload } from './workload.js';

const IDLE_MS = 5_000;
const FIGURES = ['ready ms', 'of it waiting for the database', 'CPU ms', 'idle MB'] as const;
const workspace = fileURLToPath(new URL('../../../../', import.meta.url));

/** From the start of a process to its first answer, and what it then holds: the built API on a migrated PostgreSQL. */
export const boot: Workload = async ({ serverUrl, rounds }) => {
  execFileSync('npx', ['nx', 'build', '@packhouse/api'], { cwd: workspace, stdio: ['ignore', 'ignore', 'inherit'] });
  const data = mkdtempSync(join(tmpdir(), 'boot-'));
  const { url: adminUrl, drop } = await freshDatabase(serverUrl, 'bench_boot');
  try {
    const programs = programsOn(await prepareDatabase({ adminUrl, appPassword: 'bench' }), data);
    // Leaves behind what was compiled.
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
  const env = { DATABASE_URL: databaseUrl, PACKHOUSE_DATA: data, PORT: '0', WAITS: join(data, 'waits.json') };
  const api = { file: 'apps/api/dist/main.js', before: 'tools/bench/src/servers/database-wait.mjs', env };
  return [
    { name: 'API', ...api },
    { name: 'API, nothing compiled before', ...api, env: { ...env, NODE_DISABLE_COMPILE_CACHE: '1' } },
    { name: 'bare Nest', file: 'tools/bench/src/servers/bare-nest.mjs', env: {} },
  ];
}

/** Starts it, lets it idle for a while, ends it. */
async function startOnce(program: Program): Promise<Figures> {
  const { starting, cpuMs, residentMb, stop } = await start(program);
  try {
    const cpu = cpuMs();
    await sleep(IDLE_MS);
    const idle = residentMb();
    await stop();
    const [begun, ready] = starting;
    const { WAITS } = program.env;
    const waits = WAITS ? (JSON.parse(readFileSync(WAITS, 'utf8')) as Span[]) : [];
    return {
      'ready ms': ready - begun,
      'of it waiting for the database': waitedMs(waits, starting),
      'CPU ms': cpu,
      'idle MB': idle,
    };
  } finally {
    await stop();
  }
}
