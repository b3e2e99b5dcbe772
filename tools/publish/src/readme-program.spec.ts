import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const readme = readFileSync(join(workspace, 'README.md'), 'utf8');

/** The README's program, and the packages that its install line names. */
const program = /```ts\n([^]*?)```/.exec(readme)![1]!;
const packages = /npm i ([^]*?)\n```/
  .exec(readme)![1]!
  .split(/[\s\\]+/)
  .filter(Boolean);
const ours = packages.filter((name) => name.startsWith('@packhouse/'));
const others = packages.filter((name) => !name.startsWith('@packhouse/'));

const FOLDERS = ['libs/core', 'libs/packs', 'libs/adapters'];
const folderOf = (name: string) => {
  const [short] = name.split('/').slice(1);
  return FOLDERS.map((folder) => join(workspace, folder, folder === 'libs/core' ? '' : short!)).find((folder) => {
    try {
      return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name === name;
    } catch {
      return false;
    }
  })!;
};

describe("the README's program, with its packages as npm would serve them", () => {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  const run = (command: string, args: string[]) => {
    const { stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    return stdout + stderr;
  };

  beforeAll(() => {
    const pack = ['pack', '--silent', '--pack-destination', folder];
    const tarballs = ours.map((name) => execFileSync('npm', pack, { cwd: folderOf(name), encoding: 'utf8' }).trim());
    const versions = ['typescript', '@types/node'].map((name) => `${name}@${installed(name)}`);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
    run('npm', [
      'install',
      '--silent',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      ...tarballs.map((file) => `./${file}`),
      ...others,
      ...versions,
    ]);
    writeFileSync(join(folder, 'program.ts'), program);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('type-checks under strict', () => {
    const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
    expect(run('node_modules/.bin/tsc', [...flags, '--exactOptionalPropertyTypes', 'program.ts'])).toBe('');
  });

  it('runs under plain Node and answers', () => {
    const printed = run(process.execPath, ['program.ts']);
    expect(printed).toContain('Refunds are paid within ten days.');
    expect(printed).toContain('refunds.md');
  });
});

function installed(name: string): string {
  return JSON.parse(readFileSync(join(workspace, 'node_modules', name, 'package.json'), 'utf8')).version;
}
