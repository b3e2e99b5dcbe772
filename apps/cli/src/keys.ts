import { tenantId } from '@packhouse/core';
import { readSettings } from '@packhouse/server/settings';
import { ROLES, type Role } from '@packhouse/server/tokens';
import { command, type Input } from './command.js';
import { printJson } from './print-json.js';
import { subcommand } from './subcommand.js';
import { table } from './table.js';
import { UsageError } from './usage-error.js';

const HELP = `Usage: packhouse keys create --tenant NAME [--name TEXT] [--role reader|writer|admin] [--expires 90d]
       packhouse keys list --tenant NAME [--json]
       packhouse keys revoke --tenant NAME KEY_ID

A tenant's API keys: what an OpenAI client sends where it would send OpenAI's. They need no signer, live until they are
revoked or expire, and are refused from the next request on. The embedded database must not be in use: ask the server
that uses it, at /v1/api_keys with a token of the role admin.

Commands:
  create    print a new key and nothing else; it is kept nowhere and cannot be shown again
  list      print what there is: id, role, name, and when it was made, last used and will expire
  revoke    refuse a key from now on

Options:
  --tenant NAME     whose documents it opens (needed)
  --name TEXT       what it is for (default: command line)
  --role ROLE       reader, writer or admin (default: reader)
  --expires TIME    a number and h or d (default: never)
  --json            print JSON
`;

const OPTIONS = {
  tenant: { type: 'string' },
  name: { type: 'string', default: 'command line' },
  role: { type: 'string', default: 'reader' },
  expires: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

type Values = Input<typeof OPTIONS>['values'];

const ACTIONS: Record<string, (values: Values, rest: readonly string[]) => Promise<void>> = { list, create, revoke };

export const keys = command({
  help: HELP,
  options: OPTIONS,
  takesWords: true,
  run({ values, words }) {
    const { action, rest } = subcommand(ACTIONS, words);
    return action(values, rest);
  },
});

// Databases are not for those who came for help.
const access = () => import('@packhouse/server/access');

async function create(values: Values): Promise<void> {
  const [tenant, request] = [named(values), { name: values.name, role: role(values), expiresAt: expiry(values) }];
  const { key } = await (await access()).createApiKey(readSettings(), tenant, request);
  process.stdout.write(`${key}\n`);
}

async function list(values: Values): Promise<void> {
  const tenant = named(values);
  const rows = await Array.fromAsync((await access()).listApiKeys(readSettings(), tenant));
  if (values.json) return printJson(rows);
  const date = (day: Date | null, none: string) => day?.toISOString().slice(0, 10) ?? none;
  const cells = rows.map(({ keyId, role, createdAt, lastUsedAt, expiresAt, name }) => {
    const dates = [date(createdAt, ''), date(lastUsedAt, 'never'), date(expiresAt, 'never')];
    // A name is an admin's free text: it must not move the cursor.
    return [keyId, role, ...dates, name.replaceAll(/\p{C}/gu, '?')];
  });
  process.stdout.write(table(['ID', 'ROLE', 'CREATED', 'LAST USED', 'EXPIRES', 'NAME'], cells));
}

async function revoke(values: Values, [keyId, ...more]: readonly string[]): Promise<void> {
  const tenant = named(values);
  if (!keyId || more.length > 0) throw new UsageError('One KEY_ID is needed.');
  await (await access()).revokeApiKey(readSettings(), tenant, keyId);
  process.stdout.write(`${keyId} is revoked.\n`);
}

function named({ tenant }: Values) {
  if (tenant === undefined) throw new UsageError('--tenant is needed.');
  return tenantId(tenant);
}

function role({ role }: Values): Role {
  const found = ROLES.find((each) => each === role);
  if (!found) throw new UsageError(`--role is one of ${ROLES.join(', ')}.`);
  return found;
}

function expiry({ expires }: Values): Date | null {
  if (expires === undefined) return null;
  const [, amount, unit] = /^(\d{1,5})([hd])$/.exec(expires) ?? [];
  if (!Number(amount)) throw new UsageError('--expires is a number and h or d: 12h, 90d.');
  return new Date(Date.now() + Number(amount) * (unit === 'h' ? 3_600_000 : 86_400_000));
}
