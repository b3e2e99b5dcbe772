import { checkPackage, createPackageFromTarballData, type ProblemKind } from '@arethetypeswrong/core';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { pack, type Packed } from './pack.js';
import { manifestIn, published, workspace } from './published.js';

const names = [...published.keys()];

/** All that a package of ours may hold: no specs, no source maps, no fixtures, nothing that lay about. */
const SERVED = [
  /^(package\.json|README\.md|LICENSE)$/,
  /^dist\/([\w-]+\/)*[\w.-]+\.(js|d\.ts)$/,
  /^migrations\/(\d{4}_\w+\.sql|README\.md)$/,
];

/** Resolution that knows no `exports`, from before Node 12: TypeScript 6 has none. */
const FORGOTTEN = 'node10';

/** Ours are ES modules alone, which Node `require()`s from 22.12 on; the compiler of 2024 that looks here does not know. */
const ESM_ONLY: readonly ProblemKind[] = ['CJSResolvesToESM'];

describe('what npm would serve', () => {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'));
  const packed = new Map<string, Packed>();
  beforeAll(() => {
    for (const each of pack(names, folder)) packed.set(each.name, each);
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const tarballOf = (name: string) => readFileSync(packed.get(name)!.tarball);
  const inTarball = (name: string, file: string) =>
    execFileSync('tar', ['xzOf', packed.get(name)!.tarball, `package/${file}`], { encoding: 'utf8' });

  it.each(names)('of %s has nothing that publint minds', async (name) => {
    const { buffer: tarball } = new Uint8Array(tarballOf(name));
    const { messages } = await publint({ pack: { tarball }, strict: true });
    expect(messages).toEqual([]);
  });

  it.each(names)('of %s has types that are those of its code, for every entry', async (name) => {
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(tarballOf(name))));
    if (!result.types) throw new Error('It has no types.');
    const wrong = result.problems
      .filter(({ kind }) => !ESM_ONLY.includes(kind))
      .filter((problem) => !('resolutionKind' in problem) || problem.resolutionKind !== FORGOTTEN);
    expect(wrong).toEqual([]);
  });

  it.each(names)('of %s is code, declarations, a README and the licence, and nothing else', (name) => {
    const { files } = packed.get(name)!;
    expect(files.filter((file) => !SERVED.some((served) => served.test(file)))).toEqual([]);
    expect(files.filter((file) => /\.spec\.|fixtures/.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(inTarball(name, 'LICENSE')).toBe(readFileSync(join(workspace, 'LICENSE'), 'utf8'));
    expect(inTarball(name, 'README.md')).toMatch(new RegExp(`^# ${name}\n`));
  });

  it.each(names)('of %s can be installed: what it needs of ours is served too, at the same version', (name) => {
    const { dependencies, version, license, engines } = JSON.parse(inTarball(name, 'package.json'));
    expect({ license, engines }).toEqual({ license: 'Apache-2.0', engines: { node: expect.any(String) } });
    for (const [needed, range] of Object.entries(dependencies ?? {})) {
      if (needed.startsWith('@packhouse/'))
        expect([needed, published.has(needed), range]).toEqual([needed, true, version]);
    }
  });
});

it('is built before it is tried: these tests name every library that is published', () => {
  const here = manifestIn(fileURLToPath(new URL('../', import.meta.url)));
  expect(Object.keys(here.devDependencies!)).toEqual(expect.arrayContaining(names));
});
