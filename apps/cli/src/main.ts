import { generations } from './generations.js';
import { keys } from './keys.js';
import { maintain } from './maintain.js';
import { migrate } from './migrate.js';
import { settings } from './settings.js';
import { tenants } from './tenants.js';
import { token } from './token.js';

type Command = (args: string[]) => void | Promise<void>;

const COMMANDS: Record<string, Command> = { generations, keys, maintain, migrate, settings, tenants, token };

const HELP = `Usage: packhouse COMMAND

Commands:
  generations  change the embedding model, tenant by tenant
  keys         make, list and revoke a tenant's API keys
  maintain     give large tenants their indexes, and tidy up
  migrate      bring the database up to date
  settings     print every setting with its default
  tenants      suspend a tenant, or let it in again
  token        print a token for a tenant

packhouse COMMAND --help tells more.
`;

const [name = '--help', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
const help = ['--help', '-h', 'help'].includes(name);

if (help) process.stdout.write(HELP);
else if (!command) fail(`There is no command ${name}.\n\n${HELP}`, 2);
else await run(command);

async function run(command: Command) {
  try {
    await command(args);
  } catch (error) {
    fail((error as Error).message, 1);
  }
}

function fail(message: string, code: number) {
  process.stderr.write(`packhouse: ${message.trimEnd()}\n`);
  process.exitCode = code;
}
