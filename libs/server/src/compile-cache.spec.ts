import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const module = fileURLToPath(new URL('compile-cache.ts', import.meta.url));
const workspace = fileURLToPath(new URL('../../../', import.meta.url));

it('keeps what was compiled among the packages of the workspace, for whoever imports it', () => {
  const print = `import { getCompileCacheDir } from 'node:module'; await import(${JSON.stringify(module)});
    console.log(getCompileCacheDir());`;
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const args = ['--input-type=module', '-e', print];
  const folder = execFileSync(process.execPath, args, { encoding: 'utf8', env });
  expect(folder.startsWith(`${workspace}node_modules/.cache/node/`)).toBe(true);
});
