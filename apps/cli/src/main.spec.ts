import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packhouse, start } from './testing/packhouse.js';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const run = (...args: string[]) => packhouse(args, {});

/** Kept to the help, so that a command without a line there is no command. */
const commands = async () => [...(await run('--help')).stdout.matchAll(/^ {2}([a-z]+) {2}/gm)].map(([, name]) => name!);

describe('packhouse', () => {
  it('prints its help for --help and for nothing, without colours', async () => {
    const { stdout, stderr } = await run('--help');
    expect(stdout).toMatch(/^Usage: packhouse COMMAND\n/);
    expect(stdout + stderr).not.toContain('\u001b');
    expect((await run()).stdout).toBe(stdout);
  });

  it('has help for every command', async () => {
    const names = await commands();
    expect(names).toEqual(expect.arrayContaining(['ingest', 'search', 'ask', 'stores', 'files', 'doctor', 'token']));
    for (const name of names) {
      const { stdout } = await run(name, '--help');
      expect(stdout).toMatch(new RegExp(`^Usage: packhouse ${name}\\b`));
    }
  });

  it('prints its version', async () => {
    expect((await run('--version')).stdout).toBe(`${JSON.parse(read('../package.json')).version}\n`);
  });

  it('prints every setting as JSON, with its default and whether it is a secret', async () => {
    const settings = JSON.parse((await run('settings', '--json')).stdout) as { name: string }[];
    const described = settings.map((setting) => ({ ...setting, description: '' }));
    expect(described).toContainEqual({ name: 'PORT', default: '8080', secret: false, description: '' });
    expect(described).toContainEqual({ name: 'JWT_SECRET', default: null, secret: true, description: '' });
    const table = (await run('settings')).stdout.trim().split('\n');
    expect(settings).toHaveLength(table.length - 2);
  });

  it.each([
    [['frobnicate'], 'There is no command frobnicate.'],
    [['search'], 'Say what to search for.'],
    [['search', 'x', '--limit', '51'], '--limit is a whole number from 1 to 50.'],
    [['ask', ' '], 'Say what to ask.'],
    [['ingest'], 'Say which files or folders.'],
    [['stores', 'burn'], '"burn" is none of list, create, delete.'],
    [['stores', 'create'], 'stores create takes one name'],
    [['files', 'delete'], 'files delete takes the id'],
    [['generations'], 'One of status, build,'],
    [['doctor', '--colour'], "Unknown option '--colour'"],
  ])('%j is a usage error: 2, on stderr alone, with nothing asked of a server', async (args, message) => {
    await expect(packhouse(args, { PACKHOUSE_URL: 'http://127.0.0.1:1' })).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  it('says how to start a server where none answers', async () => {
    const env = { PACKHOUSE_URL: 'http://127.0.0.1:2', PACKHOUSE_TOKEN: 'a.b.c' };
    const { code, stdout, stderr } = await start(['search', 'x'], env).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      'Nothing answers at http://127.0.0.1:2 (ECONNREFUSED). Start the server there (npm start)',
    );
  });

  it.each([
    ['--help', []],
    ['search', ['x']],
    ['stores', []],
  ])('%s loads no database, no Nest and nothing else of the server', async (name, args) => {
    const trace = fileURLToPath(new URL('./testing/loaded-modules.mjs', import.meta.url));
    const env = {
      NODE_OPTIONS: `--import ${trace}`,
      PACKHOUSE_URL: 'http://127.0.0.1:2',
      PACKHOUSE_TOKEN: 'a.b.c',
    };
    const { stderr } = await start([name, ...args], env).ended;
    const loaded = stderr.split('\n').filter((line) => line.startsWith('loaded '));
    expect(loaded.length).toBeGreaterThan(0);
    expect(loaded.filter((line) => /libs\/|@nestjs|pglite|\/pg\/|zod|jsonwebtoken/.test(line))).toEqual([]);
  });
});
