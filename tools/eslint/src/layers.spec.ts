import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const RULE = '@nx/enforce-module-boundaries';

/** What the layer rule says of one import, were it written in a project's source. */
function verdict(project: string, imported: string): Promise<string[]> {
  const args = ['-c', 'tools/eslint/eslint.config.mjs', '--format', 'json', '--stdin', '--stdin-filename'];
  return new Promise((done, failed) => {
    const eslint = execFile(
      process.execPath,
      ['node_modules/eslint/bin/eslint.js', ...args, `${project}/src/planted.ts`],
      { cwd: workspace },
      (_error, stdout, stderr) => {
        if (!stdout) return failed(new Error(stderr));
        const [{ messages }] = JSON.parse(stdout);
        done(
          messages
            .filter(({ ruleId }: { ruleId: string }) => ruleId === RULE)
            .map(({ message }: { message: string }) => message),
        );
      },
    );
    eslint.stdin!.end(`import '${imported}';\n`);
  });
}

describe('the layer rule', () => {
  it.each([
    ['libs/core', '@packhouse/fusion'],
    ['libs/core', 'zod'],
    ['libs/packs/fusion', '@packhouse/ingestion'],
    ['libs/packs/fusion', '@packhouse/postgres'],
    ['libs/packs/fusion', 'llamaindex'],
    ['libs/packs/answering', '@llamaindex/core'],
    ['libs/adapters/llm', '@packhouse/embedding/hashed'],
    ['libs/adapters/postgres', '@packhouse/fusion'],
    ['libs/nest', '@packhouse/postgres'],
    ['libs/nest', '@packhouse/fusion'],
    ['libs/server', 'llamaindex'],
    ['libs/server', '../../../apps/api/src/main.js'],
    ['apps/api', '@packhouse/postgres'],
    ['apps/example-nest', '@packhouse/server'],
    ['libs/packs/fusion', '../../ingestion/src/index.js'],
  ])('refuses %s -> %s', async (project, imported) => {
    expect(await verdict(project, imported)).toHaveLength(1);
  });

  it.each([
    ['libs/packs/fusion', '@packhouse/core'],
    ['libs/adapters/llamaindex', 'llamaindex'],
    ['libs/adapters/embedding', '@llamaindex/huggingface'],
    ['libs/nest', '@packhouse/core'],
    ['libs/server', '@packhouse/postgres'],
    ['libs/server', '@packhouse/nest'],
    ['apps/api', '@packhouse/server'],
    ['apps/example-nest', '@packhouse/postgres'],
  ])('allows %s -> %s', async (project, imported) => {
    expect(await verdict(project, imported)).toEqual([]);
  });
});
