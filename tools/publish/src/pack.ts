import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { workspace } from './published.js';

export interface Packed {
  readonly name: string;
  readonly tarball: string;
  /** The paths in it. */
  readonly files: readonly string[];
}

interface NpmPacked {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Makes what npm would be sent of these packages, in `folder`. */
export function pack(names: readonly string[], folder: string): Packed[] {
  const chosen = names.flatMap((name) => ['-w', name]);
  const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder, ...chosen], {
    cwd: workspace,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return (JSON.parse(printed) as NpmPacked[]).map(({ name, filename, files }) => ({
    name,
    tarball: join(folder, filename),
    files: files.map(({ path }) => path),
  }));
}
