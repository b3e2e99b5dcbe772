// `node tools/start/run.mjs COMMAND ...`: runs a command of the workspace, on the workspace's own Node, and first
// installs what the lock file names where that is missing or stale. Plain JavaScript for any Node >= 20: it is the
// first thing that runs after a clone. Says what it does on stderr only when it does something.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const parent = process.ppid;
const bin = join(root, 'node_modules', '.bin');

/** npm writes node_modules/.package-lock.json at the end of an install: its age is the install's age. */
function stale() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  return !existsSync(marker) || statSync(marker).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs;
}

function install() {
  process.stderr.write('packhouse: installing dependencies from package-lock.json (once, about a minute) ...\n');
  const { status } = spawnSync('npm', ['ci', '--no-progress', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write('packhouse: npm ci failed, see above. Is the npm registry reachable?\n');
    process.exit(status ?? 1);
  }
}

/** The workspace's Node where its platform has a package; else the machine's own, if it is new enough. */
function checkNode() {
  if (existsSync(join(bin, process.platform === 'win32' ? 'node.cmd' : 'node'))) return;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) return;
  process.stderr.write(
    `packhouse: Node >= 24.9 is needed on ${process.platform}-${process.arch}; this is ${process.version}.\n`,
  );
  process.exit(1);
}

function run([command, ...args]) {
  // Listening before there is a child: a signal in between would end this process and leave the child to itself.
  const running = { child: undefined, early: undefined };
  const pass = (signal) => (running.child ? running.child.kill(signal) : (running.early = signal));
  for (const signal of SIGNALS) process.on(signal, pass);
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      TSX_TSCONFIG_PATH: join(root, 'tools/typescript/tsconfig.json'),
    },
  });
  running.child = child;
  if (running.early) pass(running.early);
  // npm runs scripts through a shell, and a SIGTERM for npm ends that shell without a word to us: we are then orphans.
  // Said once: to the command a second signal means "at once".
  const orphaned = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(orphaned);
    pass('SIGTERM');
  }, 250).unref();
  child.on('error', (error) => {
    process.stderr.write(`packhouse: cannot run ${command}: ${error.message}\n`);
    process.exit(127);
  });
  // The command decides what a signal means (the API drains); this process passes it on, and ends as the command did.
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    for (const each of SIGNALS) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}

if (stale()) install();
checkNode();
run(process.argv.slice(2));
