import { firstSteps, readSettings, startServer, type RunningServer } from '@packhouse/server';

/** How long requests and files in hand have to end. */
const GRACE_MS = 25_000;

/** Resolves once the server answers; a signal that comes before waits for that. */
const server = start();
server.catch(fail);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);

async function start(): Promise<RunningServer> {
  const settings = readSettings();
  const running = await startServer(settings);
  const words = settings.production ? `Packhouse is ready at ${running.url}` : await firstSteps(running);
  process.stdout.write(`${words}\n`);
  return running;
}

/** Ctrl-C reaches this process from the terminal and again from npm: the first one counts. */
function stop(): void {
  if (stopping) return;
  stopping = true;
  process.stderr.write('packhouse: stopping\n');
  setTimeout(() => fail(new Error(`did not stop within ${GRACE_MS / 1000} s`)), GRACE_MS).unref();
  server.then((running) => running.close()).then(() => process.exit(0), fail);
}

function fail(error: unknown): void {
  process.stderr.write(`packhouse: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
