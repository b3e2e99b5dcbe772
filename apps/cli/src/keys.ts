import { parseArgs } from 'node:util';
import { tenantId } from '@packhouse/core';
import { readSettings } from '@packhouse/server/settings';
import { ROLES, type Role } from '@packhouse/server/tokens';

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

type Values = ReturnType<typeof parse>['values'];

const COMMANDS: Record<string, (values: Values, rest: readonly string[]) => Promise<void>> = { create, list, revoke };

export async function keys(args: string[]): Promise<void> {
  const { values, positionals } = parse(args);
  if (values.help) return void process.stdout.write(HELP);
  const [name = '', ...rest] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new Error(`A command is needed.\n\n${HELP}`);
  await command(values, rest);
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      tenant: { type: 'string' },
      name: { type: 'string', default: 'command line' },
      role: { type: 'string', default: 'reader' },
      expires: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

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
  if (values.json) return void process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  const date = (day: Date | null, none: string) => (day?.toISOString().slice(0, 10) ?? none).padEnd(10);
  process.stdout.write(`${'ID'.padEnd(28)}  ROLE    CREATED     LAST USED   EXPIRES     NAME\n`);
  for (const { keyId, role, createdAt, lastUsedAt, expiresAt, name } of rows) {
    const dates = [date(createdAt, ''), date(lastUsedAt, 'never'), date(expiresAt, 'never')].join('  ');
    // A name is an admin's free text: it must not move the cursor.
    process.stdout.write(`${keyId}  ${role.padEnd(6)}  ${dates}  ${name.replaceAll(/\p{C}/gu, '?')}\n`);
  }
}

async function revoke(values: Values, [keyId, ...more]: readonly string[]): Promise<void> {
  const tenant = named(values);
  if (!keyId || more.length > 0) throw new Error(`One KEY_ID is needed.\n\n${HELP}`);
  await (await access()).revokeApiKey(readSettings(), tenant, keyId);
  process.stdout.write(`${keyId} is revoked.\n`);
}

function named({ tenant }: Values) {
  if (tenant === undefined) throw new Error(`--tenant is needed.\n\n${HELP}`);
  return tenantId(tenant);
}

function role({ role }: Values): Role {
  const found = ROLES.find((each) => each === role);
  if (!found) throw new Error(`--role is one of ${ROLES.join(', ')}.`);
  return found;
}

function expiry({ expires }: Values): Date | null {
  if (expires === undefined) return null;
  const [, amount, unit] = /^(\d{1,5})([hd])$/.exec(expires) ?? [];
  if (!Number(amount)) throw new Error('--expires is a number and h or d: 12h, 90d.');
  return new Date(Date.now() + Number(amount) * (unit === 'h' ? 3_600_000 : 86_400_000));
}
