// A process that takes jobs and never finishes one, until it is stopped by SIGTERM or killed.
// Arguments: a folder for PGlite or the URL of a database, and how often a job is tried.
import { openPostgres } from '../db/postgres.js';
import { pgBossQueue } from '../jobs/pg-boss-queue.js';
import { openPglite } from '../pglite.js';

const [where = '', attempts] = process.argv.slice(2);
const embedded = !where.startsWith('postgres://');
const { db, close } = embedded ? await openPglite(where) : await openPostgres({ url: where });
const queue = await pgBossQueue({
  db,
  exclusive: embedded,
  attempts: Number(attempts),
  heartbeatSeconds: 10,
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
await queue.work(({ id }) => {
  process.stdout.write(`took ${id}\n`);
  return new Promise(() => undefined);
});
// Nothing ends the process here: it must end by itself once no timer and no connection is left.
process.once('SIGTERM', () => void queue.stop().then(close));
process.stdout.write('ready\n');
