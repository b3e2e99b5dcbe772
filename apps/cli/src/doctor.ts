import { styleText } from 'node:util';
import type { Finding } from '@packhouse/server/diagnosis';
import { command } from './command.js';
import { printJson } from './print-json.js';
import { printable } from './printable.js';
import { serverFindings } from './server-findings.js';

const HELP = `Usage: packhouse doctor [--json]

Says what is configured, without secrets; whether a server answers at PACKHOUSE_URL and takes the token; and whether
what a server with these settings needs is there: the database, its role, pgvector and migrations, the embedding model
and the chat model (asked for a word, which a provider may charge), room on the disk. What is wrong comes with how to
mend it.

Options:
  --json    print one document: findings (area, state, found, mend), faults (how many)

Ends with 1 where there is a fault; a warning is none.
`;

export const doctor = command({
  help: HELP,
  options: { json: { type: 'boolean', default: false } },
  async run({ values: { json } }, signal) {
    const findings: Finding[] = [];
    for await (const finding of examine(signal)) {
      if (!json) process.stdout.write(shown(finding, findings.at(-1)?.area));
      findings.push(finding);
    }
    const faults = findings.filter(({ state }) => state === 'fault').length;
    if (json) printJson({ findings, faults });
    if (faults > 0) throw new Error(`${faults} ${faults === 1 ? 'thing is' : 'things are'} wrong; see above.`);
    if (!json) process.stdout.write('\nNothing is wrong.\n');
  },
});

async function* examine(signal: AbortSignal): AsyncGenerator<Finding> {
  // All of a server is loaded for this, databases and models: no other command needs that.
  const [{ diagnose, settingsFindings }, { readSettings }] = await Promise.all([
    import('@packhouse/server/diagnosis'),
    import('@packhouse/server/settings'),
  ]);
  const settings = settingsFindings();
  yield* settings;
  yield* serverFindings(signal);
  if (settings.every(({ state }) => state !== 'fault')) return yield* diagnose(readSettings(), signal);
  yield {
    area: 'database',
    state: 'warning',
    found: 'not looked at, nor models and disk, until the settings are right',
  };
}

const STATES = { ok: 'green', warning: 'yellow', fault: 'red' } as const;

function shown({ area, state, found, mend }: Finding, before: Finding['area'] | undefined): string {
  const title = area === before ? '' : `${before ? '\n' : ''}${styleText('bold', area)}\n`;
  const line = `  ${styleText(STATES[state], state.padEnd(7))}  ${printable(found)}\n`;
  return `${title}${line}${mend ? `           ${printable(mend)}\n` : ''}`;
}
