import { describedSettings, settingsTable } from '@packhouse/server/settings-table';
import { command } from './command.js';
import { printJson } from './print-json.js';

const HELP = `Usage: packhouse settings [--json]

Prints every setting with its default, as the table in the README. Settings are environment variables.

Options:
  --json    print JSON: name, default, whether it is a secret (and may come by NAME_FILE), description
`;

export const settings = command({
  help: HELP,
  options: { json: { type: 'boolean', default: false } },
  run({ values }) {
    if (values.json) return printJson(describedSettings());
    process.stdout.write(`${settingsTable()}\n`);
  },
});
