import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pack } from './pack.js';
import { manifestIn, published, workspace } from './published.js';

const STRICT = ['--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2023'];

/** A consumer's folder with a README's first program in it, and the packages that the README installs. */
export interface Consumer {
  readonly folder: string;
  /** @throws Error with what the compiler says */
  compile(...flags: string[]): void;
  remove(): void;
}

/** @param readme from the workspace's root */
export function consumerOf(readme: string): Consumer {
  const text = readFileSync(join(workspace, readme), 'utf8');
  const program = /```ts\n([^]*?)```/.exec(text)![1]!;
  const packages = /npm i ([^]*?)\n```/
    .exec(text)![1]!
    .split(/[\s\\]+/)
    .filter(Boolean)
    .map((name) => name.replace(/(?<=.)@[\d.]+$/, ''));
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  install(packages, folder);
  writeFileSync(join(folder, 'program.mts'), program);
  return {
    folder,
    compile: (...flags) => compile(folder, flags),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * As `npm i` in an empty folder: our packages unpacked from what `npm pack` makes, and of all others those alone that the
 * command or our packages' `dependencies` name, so that one we forgot is missing. They come from the workspace: no
 * registry is asked.
 */
function install(packages: readonly string[], folder: string): void {
  const modules = join(folder, 'node_modules');
  const ours = packages.filter((name) => published.has(name));
  const dependencies = pack(ours, folder).flatMap(({ name, tarball }) => {
    const target = join(modules, name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['xzf', tarball, '--strip-components=1', '-C', target]);
    return Object.keys(manifestIn(target).dependencies ?? {});
  });
  for (const name of new Set([...dependencies, ...packages, '@types/node'])) {
    if (published.has(name)) continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(workspace, 'node_modules', name), join(modules, name));
  }
}

function compile(folder: string, flags: readonly string[]): void {
  const tsc = join(workspace, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, ...STRICT, '--types', 'node', ...flags, 'program.mts'], { cwd: folder });
  } catch (error) {
    throw new Error(String((error as { stdout: Buffer }).stdout), { cause: error });
  }
}
