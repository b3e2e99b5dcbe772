import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const FOLDER = new URL('../../.peers/', import.meta.url);

const VERSIONS = {
  '@langchain/community': '1.1.29',
  '@langchain/core': '1.4.0',
  '@llamaindex/core': '0.6.22',
  '@llamaindex/postgres': '0.0.65',
  '@mastra/core': '1.71.0',
  '@mastra/pg': '1.27.1',
  pg: '8.23.1',
  pgvector: '0.2.0',
};

/** Installs the libraries we are measured beside, in a folder that is neither the workspace's nor in its lock file. */
export function installPeers(): void {
  if (existsSync(new URL('node_modules/.package-lock.json', FOLDER))) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL('package.json', FOLDER), JSON.stringify({ private: true, dependencies: VERSIONS }));
  const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...flags], { cwd: FOLDER, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('npm could not install the peers; see above.');
}

/** A module of theirs; `Module` is the part of it that is used here. */
export async function peerModule<Module>(name: string): Promise<Module> {
  const path = createRequire(new URL('package.json', FOLDER)).resolve(name);
  return (await import(pathToFileURL(path).href)) as Module;
}

/** For the table of what was measured. */
export function peerVersions(): string {
  const { '@llamaindex/postgres': llamaindex, '@langchain/community': langchain, '@mastra/pg': mastra } = VERSIONS;
  return `@llamaindex/postgres ${llamaindex}, @langchain/community ${langchain}, @mastra/pg ${mastra}`;
}
