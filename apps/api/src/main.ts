import { firstSteps, readSettings, startServer, type RunningServer } from '@packhouse/server';

let stopping = false;

/** How long requests and files in hand have to end. */
const GRACE_MS = 25_000;

try {
  const settings = readSettings();
  const server = await startServer(settings);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(server));
  process.stdout.write(`${settings.production ? `Packhouse is ready at ${server.url}` : await firstSteps(server)}\n`);
} catch (error) {
  fail(error);
}

/** Ctrl-C reaches this process from the terminal and again from npm: the first one counts. */
function stop(server: RunningServer): void {
  if (stopping) return;
  stopping = true;
  process.stderr.write('packhouse: stopping\n');
  setTimeout(() => fail(new Error(`did not stop within ${GRACE_MS / 1000} s`)), GRACE_MS).unref();
  server.close().then(() => process.exit(0), fail);
}

function fail(error: unknown): void {
  process.stderr.write(`packhouse: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
