import { parseArgs } from 'node:util';
import { readSettings } from '@packhouse/server/settings';

const HELP = `Usage: packhouse migrate [--login | --status] [--json]

Brings the database up to date with DATABASE_ADMIN_URL, and prints every migration and when it ran. Any number of
processes may begin this together. There is no way back but a backup. The embedded database brings itself up to date
whenever it is opened, by this command too; it must not be in use.

Options:
  --login     also let packhouse_app log in, with the password in DATABASE_URL
  --status    only print; the role of DATABASE_URL is enough
  --json      print JSON: version, name, checksum (SHA-256), appliedAt (null for one that has not run)
`;

export async function migrate(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      login: { type: 'boolean', default: false },
      status: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  // Databases are not for those who came for a token.
  const { migrateDatabase, migrateWithLogin, readMigrations } = await import('@packhouse/server/administration');
  if (values.login && values.status) throw new Error('--login and --status exclude each other.');
  const run = values.status ? readMigrations : values.login ? migrateWithLogin : migrateDatabase;
  const migrations = await run(readSettings());
  process.stdout.write(values.json ? `${JSON.stringify(migrations, null, 2)}\n` : table(migrations));
}

interface Row {
  readonly version: number;
  readonly name: string;
  readonly appliedAt: Date | null;
}

function table(migrations: readonly Row[]): string {
  const width = Math.max(4, ...migrations.map(({ name }) => name.length));
  const line = (version: string, name: string, applied: string) =>
    `${version.padStart(7)}  ${name.padEnd(width)}  ${applied}\n`;
  const rows = migrations.map(({ version, name, appliedAt }) =>
    line(String(version), name, appliedAt?.toISOString() ?? 'pending'),
  );
  return [line('VERSION', 'NAME', 'APPLIED'), ...rows].join('');
}
