import { parseArgs } from 'node:util';
import { readSettings } from '@packhouse/server/settings';

const HELP = `Usage: packhouse maintain [--dry-run] [--threshold N]

Empties vector stores that have expired, gives tenants with many chunks an index on their vectors, drops indexes that
nobody needs or whose build was broken off, and has partitions vacuumed and analyzed that changed much. Reads and writes go on meanwhile. Run it every night, and
after a large ingestion, with DATABASE_ADMIN_URL. The embedded database needs none of it.

Prints a line for each step as it begins. Ends with 1 where a step failed, or while another run is under way; Ctrl-C ends
the step at work and leaves nothing half done.

Options:
  --dry-run        print what there is to do, and do none of it
  --threshold N    chunks from which a tenant gets an index, 20000 or more (default: 20000)
`;

export async function maintain(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      'dry-run': { type: 'boolean', default: false },
      threshold: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  // Databases are not for those who came for a token.
  const { maintainDatabase } = await import('@packhouse/server/administration');
  const threshold = values.threshold === undefined ? {} : { threshold: Number(values.threshold) };
  const stopped = new AbortController();
  // Once: a second Ctrl-C ends the process at once.
  process.once('SIGINT', () => stopped.abort()).once('SIGTERM', () => stopped.abort());
  const options = { ...threshold, dryRun: values['dry-run'], signal: stopped.signal };
  const steps = maintainDatabase(readSettings(), options);
  if (!steps) return void process.stdout.write('The embedded database needs no maintenance.\n');
  let [done, failed] = [0, 0];
  for await (const { action, target, reason, error } of steps) {
    if (error === undefined) done += 1;
    else failed += 1;
    process.stdout.write(
      error === undefined ? `${action}  ${target}  ${reason}\n` : `failed  ${target}  ${messageOf(error)}\n`,
    );
  }
  if (failed > 0) throw new Error(`${failed} of ${done} steps failed; see above.`);
  if (done === 0) process.stdout.write('There is nothing to do.\n');
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
