import { readSettings } from '@packhouse/server/settings';
import { command } from './command.js';

const HELP = `Usage: packhouse maintain [--dry-run] [--threshold N] [--json]

Deletes files and empties vector stores that have expired, gives tenants with many chunks an index on their vectors,
drops indexes that nobody needs or whose build was broken off, and has partitions vacuumed and analyzed that changed
much. Reads and writes go on meanwhile. Run it every night, and after a large ingestion, with DATABASE_ADMIN_URL. The
embedded database needs none of it.

Prints a line for each step as it begins. Ends with 1 where a step failed, or while another run is under way; Ctrl-C ends
the step at work and leaves nothing half done.

Options:
  --dry-run        print what there is to do, and do none of it
  --threshold N    chunks from which a tenant gets an index, 20000 or more (default: 20000)
  --json           print a line of JSON for each step: action, target, reason, error
`;

export const maintain = command({
  help: HELP,
  options: {
    'dry-run': { type: 'boolean', default: false },
    threshold: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async run({ values }, signal) {
    // Databases are not for those who came for help.
    const { maintainDatabase } = await import('@packhouse/server/administration');
    const threshold = values.threshold === undefined ? {} : { threshold: Number(values.threshold) };
    const steps = maintainDatabase(readSettings(), { ...threshold, dryRun: values['dry-run'], signal });
    const say = (words: string) => values.json || process.stdout.write(`${words}\n`);
    if (!steps) return void say('The embedded database needs no maintenance.');
    let [done, failed] = [0, 0];
    for await (const { action, target, reason, error } of steps) {
      if (error === undefined) done += 1;
      else failed += 1;
      if (values.json) process.stdout.write(`${JSON.stringify({ action, target, reason, ...faultOf(error) })}\n`);
      say(error === undefined ? `${action}  ${target}  ${reason}` : `failed  ${target}  ${messageOf(error)}`);
    }
    if (failed > 0) throw new Error(`${failed} of ${done} steps failed; see above.`);
    if (done === 0) say('There is nothing to do.');
  },
});

const faultOf = (error: unknown) => (error === undefined ? {} : { error: messageOf(error) });

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
