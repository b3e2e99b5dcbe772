import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const base = fileURLToPath(new URL('../base', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'base-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const QUIET = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@a', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@a' };
const run = (command: string, args: string[], env = {}) =>
  execFileSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...QUIET, ...env },
  }).trim();
const git = (...args: string[]) => run('git', args);
const commit = (message: string) => {
  git('commit', '-q', '--allow-empty', '-m', message);
  return git('rev-parse', 'HEAD');
};

describe('what a change is compared with', () => {
  let first: string;
  let forked: string;
  beforeAll(() => {
    git('init', '-q', '-b', 'main');
    first = commit('first');
    forked = commit('second');
    git('checkout', '-q', '-b', 'topic');
    commit('mine');
    git('checkout', '-q', 'main');
    git('update-ref', 'refs/remotes/origin/main', commit('theirs'));
    git('checkout', '-q', 'topic');
  });

  it('is, for a pull request, where it left the branch it would join', () => {
    expect(run(base, [], { GITHUB_BASE_REF: 'main' })).toBe(forked);
  });

  it('is, on main, the beginning: the cache knows what has succeeded', () => {
    expect(run(base, [])).toBe(first);
  });

  it('is no matter of a branch that was not fetched', () => {
    expect(() => run(base, [], { GITHUB_BASE_REF: 'gone' })).toThrow();
  });
});
