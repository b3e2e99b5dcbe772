import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const readme = readFileSync(join(workspace, 'README.md'), 'utf8');

/** The README's program, and the packages that its install line names. */
const program = /```ts\n([^]*?)```/.exec(readme)![1]!;
const named = /npm i ([^]*?)\n```/
  .exec(readme)![1]!
  .split(/[\s\\]+/)
  .filter(Boolean);
const ours = named.filter((name) => name.startsWith('@packhouse/'));
const others = named.filter((name) => !name.startsWith('@packhouse/')).map((name) => name.replace(/@[\d.]+$/, ''));

const manifest = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Where in the workspace a library of ours lives. */
function sourceOf(name: string): string {
  const folders = ['libs', 'libs/packs', 'libs/adapters'].flatMap((parent) =>
    readdirSync(join(workspace, parent)).map((child) => join(workspace, parent, child)),
  );
  return folders.find((folder) => {
    try {
      return manifest(folder).name === name;
    } catch {
      return false;
    }
  })!;
}

/**
 * A consumer's empty folder after the README's `npm i`: our packages unpacked from what `npm pack` makes, and of all
 * others those alone that the command or our packages' `dependencies` name, so that one we forgot is missing. They come
 * from the workspace: no registry is asked.
 */
function install(folder: string): void {
  const modules = join(folder, 'node_modules');
  const link = (name: string) => {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(workspace, 'node_modules', name), join(modules, name));
  };
  const dependencies = ours.flatMap((name) => {
    const target = join(modules, name);
    mkdirSync(target, { recursive: true });
    const pack = ['pack', '--silent', '--pack-destination', folder];
    const tarball = execFileSync('npm', pack, { cwd: sourceOf(name), encoding: 'utf8' }).trim();
    execFileSync('tar', ['xzf', join(folder, tarball), '--strip-components=1', '-C', target]);
    return Object.keys(manifest(target).dependencies ?? {});
  });
  const foreign = [...dependencies, ...others, '@types/node'].filter((name) => !ours.includes(name));
  new Set(foreign).forEach(link);
}

describe("the README's program, with its packages as npm would serve them", () => {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  const run = (args: string[]) => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });

  beforeAll(() => {
    install(folder);
    writeFileSync(join(folder, 'program.mts'), program);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('type-checks under strict', () => {
    const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
    const tsc = join(workspace, 'node_modules/typescript/bin/tsc');
    try {
      run([tsc, ...flags, '--exactOptionalPropertyTypes', 'program.mts']);
    } catch (error) {
      throw new Error((error as { stdout: string }).stdout, { cause: error });
    }
  });

  it('runs under plain Node and answers', () => {
    const printed = run(['program.mts']);
    expect(printed).toContain('Refunds are paid within ten days.');
    expect(printed).toContain('refunds.md');
  });
});
