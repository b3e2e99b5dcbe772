import { tenantId } from '@packhouse/core';
import { readSettings } from '@packhouse/server/settings';
import { command } from './command.js';
import { UsageError } from './usage-error.js';

const HELP = `Usage: packhouse tenants suspend|resume TENANT

Takes DATABASE_ADMIN_URL. The embedded database must not be in use.

Commands:
  suspend    refuse all who call for the tenant, by token or by key: within 5 seconds, on every server. Answers and
             streams that are under way come to their end, and files in hand are ingested; nothing is deleted
  resume     let them in again
`;

export const tenants = command({
  help: HELP,
  takesWords: true,
  async run({ words: [name, tenant, ...more] }) {
    if ((name !== 'suspend' && name !== 'resume') || tenant === undefined || more.length > 0) {
      throw new UsageError('A command and a tenant are needed.');
    }
    const checked = tenantId(tenant);
    // Databases are not for those who came for help.
    const { suspend, resume } = await import('@packhouse/server/access');
    await (name === 'suspend' ? suspend : resume)(readSettings(), checked);
    process.stdout.write(name === 'suspend' ? `${tenant} is suspended.\n` : `${tenant} is served again.\n`);
  },
});
