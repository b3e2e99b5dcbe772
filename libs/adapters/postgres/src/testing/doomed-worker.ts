// A process that takes jobs and never finishes one, until it is killed: node doomed-worker.ts <folder or URL> <attempts>
import { openPostgres } from '../db/postgres.js';
import { pgBossQueue } from '../jobs/pg-boss-queue.js';
import { openPglite } from '../pglite.js';

const [where = '', attempts] = process.argv.slice(2);
const embedded = !where.startsWith('postgres://');
const { db } = embedded ? await openPglite(where) : await openPostgres({ url: where });
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
process.stdout.write('ready\n');
