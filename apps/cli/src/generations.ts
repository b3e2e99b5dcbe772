import { tenantId } from '@packhouse/core';
import type { GenerationCommand } from '@packhouse/server/generations';
import { readSettings } from '@packhouse/server/settings';
import { command } from './command.js';
import { UsageError } from './usage-error.js';

const HELP = `Usage: packhouse generations [--tenant NAME] [--json] COMMAND

What the server does by itself after EMBEDDING was changed, by hand, with the server's settings. For one tenant, or for
all of them in turn; on PostgreSQL that takes DATABASE_ADMIN_URL, and the embedded database must not be in use.

Commands:
  status     each generation, and how many chunks it lacks
  build      embed what EMBEDDING has no vector of; broken off, it goes on where it was
  compare    EMBEDDING and the active model (in EMBEDDING_PREVIOUS) on the tenant's own questions and chunks
  switch     have questions embedded with EMBEDDING from now on
  rollback   go back to the model before
  drop       delete the vectors of all retired generations: there is no going back to them

Options:
  --tenant NAME    the one tenant (default: all of them)
  --json           print a line of JSON for each thing found or done, with its tenant; error is what failed
`;

export const generations = command({
  help: HELP,
  takesWords: true,
  options: { tenant: { type: 'string' }, json: { type: 'boolean', default: false } },
  async run({ values, words: [name = '', ...more] }) {
    // Databases and models are not for those who came for help.
    const { GENERATION_COMMANDS, runGenerationCommand } = await import('@packhouse/server/generations');
    if (!Object.hasOwn(GENERATION_COMMANDS, name) || more.length > 0) {
      throw new UsageError(`One of ${Object.keys(GENERATION_COMMANDS).join(', ')} is needed.`);
    }
    const tenant = values.tenant === undefined ? undefined : tenantId(values.tenant);
    for await (const { lines, about } of runGenerationCommand(readSettings(), name as GenerationCommand, tenant)) {
      for (const line of values.json ? [JSON.stringify(about)] : lines) process.stdout.write(`${line}\n`);
    }
  },
});
