import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const workspace = fileURLToPath(new URL('../../../', import.meta.url));

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** The folders of what npm will serve, by its name there: every library that does not say `private`. */
export const published: ReadonlyMap<string, string> = new Map(
  globSync('libs/{*,*/*}/package.json', { cwd: workspace })
    .map((file) => join(workspace, dirname(file)))
    .filter((folder) => !manifestIn(folder).private)
    .map((folder) => [manifestIn(folder).name, folder]),
);
