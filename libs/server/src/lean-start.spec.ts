import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const leanStart = JSON.stringify(fileURLToPath(new URL('lean-start.ts', import.meta.url)));
const youngGeneration = JSON.stringify(fileURLToPath(new URL('young-generation.ts', import.meta.url)));
const workspace = fileURLToPath(new URL('../../../', import.meta.url));

function printed(script: string): string {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  return execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    env,
  });
}

it('keeps what was compiled among the packages of the workspace, for whoever imports it', () => {
  const folder = printed(`import { getCompileCacheDir } from 'node:module'; await import(${leanStart});
    process.stdout.write(getCompileCacheDir());`);
  expect(folder.startsWith(`${workspace}node_modules/.cache/node/`)).toBe(true);
});

it('holds the space for new objects small until the process has started, and no longer', () => {
  const sizes = printed(`import { getHeapSpaceStatistics } from 'node:v8';
    await import(${leanStart});
    const { letYoungGenerationGrow } = await import(${youngGeneration});
    const kept = [];
    const megabytes = () => {
      for (let at = 0; at < 1_000_000; at++) kept.push({ at });
      return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20;
    };
    const started = megabytes();
    letYoungGenerationGrow();
    process.stdout.write(JSON.stringify([started, megabytes()]));`);
  const [started, busy] = JSON.parse(sizes) as [number, number];
  expect(started).toBeLessThanOrEqual(4);
  expect(busy).toBeGreaterThan(8);
});
