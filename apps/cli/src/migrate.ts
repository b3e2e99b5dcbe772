import { readSettings } from '@packhouse/server/settings';
import { command } from './command.js';
import { printJson } from './print-json.js';
import { table } from './table.js';
import { UsageError } from './usage-error.js';

const HELP = `Usage: packhouse migrate [--login | --status] [--json]

Brings the database up to date with DATABASE_ADMIN_URL, and prints every migration and when it ran. Any number of
processes may begin this together. There is no way back but a backup. The embedded database brings itself up to date
whenever it is opened, by this command too; it must not be in use.

Options:
  --login     also let packhouse_app log in, with the password in DATABASE_URL
  --status    only print; the role of DATABASE_URL is enough
  --json      print JSON: version, name, checksum (SHA-256), appliedAt (null for one that has not run)
`;

export const migrate = command({
  help: HELP,
  options: {
    login: { type: 'boolean', default: false },
    status: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  async run({ values }) {
    // Databases are not for those who came for help.
    const { migrateDatabase, migrateWithLogin, readMigrations } = await import('@packhouse/server/administration');
    if (values.login && values.status) throw new UsageError('--login and --status exclude each other.');
    const run = values.status ? readMigrations : values.login ? migrateWithLogin : migrateDatabase;
    const migrations = await run(readSettings());
    if (values.json) return printJson(migrations);
    const rows = migrations.map(({ version, name, appliedAt }) => [
      String(version),
      name,
      appliedAt?.toISOString() ?? 'pending',
    ]);
    process.stdout.write(table(['VERSION', 'NAME', 'APPLIED'], rows, ['VERSION']));
  },
});
