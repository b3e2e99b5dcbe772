import { settingsTable } from '@packhouse/server/settings-table';

const HELP = `Usage: packhouse settings

Prints every setting with its default, as the table in the README. Settings are environment variables.
`;

export function settings(args: string[]): void {
  process.stdout.write(args.length > 0 ? HELP : `${settingsTable()}\n`);
}
