import { parseArgs } from 'node:util';
import { tenantId } from '@packhouse/core';
import { readSettings } from '@packhouse/server/settings';
import { ROLES, signToken, type Role } from '@packhouse/server/tokens';

const HELP = `Usage: packhouse token --tenant NAME [--role reader|writer|admin] [--expires 1h]

Prints a token and nothing else. It is signed with JWT_SECRET or, in development, with the secret kept in
PACKHOUSE_DATA: the server must run with the same settings.

Options:
  --tenant NAME    whose documents it opens (needed)
  --role ROLE      reader, writer or admin (default: writer)
  --expires TIME   a number and s, m, h or d (default: 1h)
`;

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

export function token(args: string[]): void {
  const { values } = parseArgs({
    args,
    options: {
      tenant: { type: 'string' },
      role: { type: 'string', default: 'writer' },
      expires: { type: 'string', default: '1h' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (values.tenant === undefined) throw new Error(`--tenant is needed.\n\n${HELP}`);
  const request = { tenant: tenantId(values.tenant), role: role(values.role), expiresIn: seconds(values.expires) };
  process.stdout.write(`${signToken(readSettings(), request)}\n`);
}

function role(name: string): Role {
  const found = ROLES.find((each) => each === name);
  if (!found) throw new Error(`--role is one of ${ROLES.join(', ')}.`);
  return found;
}

function seconds(time: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(time) ?? [];
  if (!amount || Number(amount) === 0) throw new Error('--expires is a number and s, m, h or d: 30m, 12h, 7d.');
  return Number(amount) * SECONDS[unit as keyof typeof SECONDS];
}
