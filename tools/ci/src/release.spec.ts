import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(workspace, 'libs/core/package.json'), 'utf8'));
const next = version.replace(/\d+$/, (patch: string) => String(Number(patch) + 1));
const folder = mkdtempSync(join(tmpdir(), 'release-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Nx looks at the whole workspace each time. */
const PATIENCE_MS = 240_000;

const run = (command: string, ...args: string[]) =>
  stripVTControlCharacters(
    execFileSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CI: 'true', NX_DAEMON: 'false', NX_WORKSPACE_ROOT_PATH: folder },
    }),
  );
const git = (...args: string[]) => run('git', '-c', 'user.name=a', '-c', 'user.email=a@a', ...args);

const described = existsSync(join(workspace, '.git')) ? describe : describe.skip;

described('what `npm run release` would do', () => {
  beforeAll(() => {
    git('init', '-q', '-b', 'main');
    // As it stands here, committed or not, and with no history but its own.
    const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
      cwd: workspace,
      encoding: 'utf8',
    });
    for (const file of files.split('\0').filter((each) => each && existsSync(join(workspace, each)))) {
      cpSync(join(workspace, file), join(folder, file));
    }
    symlinkSync(join(workspace, 'node_modules'), join(folder, 'node_modules'));
    git('add', '-A');
    git('commit', '-q', '-m', 'Begin');
  });

  it(
    'is, the first time, the version that is written down',
    () => {
      const printed = run('tools/ci/release', '--dry-run');
      expect(printed).toContain(`+ ## ${version} (`);
      expect(printed).toContain('Skipped publishing packages.');
      expect(git('tag')).toBe('');
    },
    PATIENCE_MS,
  );

  it(
    'is, after a commit that is a feature, one new version of everything, each pinned by those that need it',
    () => {
      git('tag', `v${version}`);
      appendFileSync(join(folder, 'libs/core/README.md'), '\nMore.\n');
      git('commit', '-qam', 'feat(core): say more');
      const printed = run('tools/ci/release', '--dry-run');
      expect(printed).toContain(`+ ## ${next} (`);
      expect(printed).toMatch(/^\+ - \*\*core:\*\* say more/m);
      for (const project of ['libs/core', 'libs/packs/fusion', 'libs/server', 'apps/api']) {
        expect(printed).toContain(`New version ${next} written to manifest: ${project}/package.json`);
      }
      expect(printed).toContain(`+     "@packhouse/core": "${next}"`);
      expect(printed).not.toMatch(new RegExp(`^ +"@packhouse/[\\w-]+": "${version}"`, 'm'));
    },
    PATIENCE_MS,
  );

  it(
    'is, after commits that no user would notice, nothing',
    () => {
      git('tag', '-f', `v${version}`);
      git('commit', '-q', '--allow-empty', '-m', 'chore: tidy');
      const printed = run('tools/ci/release', '--dry-run');
      expect(printed).toContain('No changes were detected');
      expect(printed).not.toContain('written to manifest');
    },
    PATIENCE_MS,
  );
});
