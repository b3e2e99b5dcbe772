import { settingsTable } from '@packhouse/server/settings-table';
import { command } from './command.js';

const HELP = `Usage: packhouse settings

Prints every setting with its default, as the table in the README. Settings are environment variables.
`;

export const settings = command({ help: HELP, run: () => void process.stdout.write(`${settingsTable()}\n`) });
