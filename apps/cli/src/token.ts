import { tenantId } from '@packhouse/core';
import { readSettings } from '@packhouse/server/settings';
import { ROLES, signToken, type Role } from '@packhouse/server/tokens';
import { command } from './command.js';
import { printJson } from './print-json.js';
import { UsageError } from './usage-error.js';

const HELP = `Usage: packhouse token --tenant NAME [--role reader|writer|admin] [--expires 1h] [--json]

Prints a token and nothing else. It is signed with JWT_SECRET or, in development, with the secret kept in
PACKHOUSE_DATA: the server must run with the same settings.

Options:
  --tenant NAME    whose documents it opens (needed)
  --role ROLE      reader, writer or admin (default: writer)
  --expires TIME   a number and s, m, h or d (default: 1h)
  --json           print JSON: token, tenant, role, expiresIn (seconds)
`;

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

export const token = command({
  help: HELP,
  options: {
    tenant: { type: 'string' },
    role: { type: 'string', default: 'writer' },
    expires: { type: 'string', default: '1h' },
    json: { type: 'boolean', default: false },
  },
  run({ values }) {
    if (values.tenant === undefined) throw new UsageError('--tenant is needed.');
    const request = { tenant: tenantId(values.tenant), role: role(values.role), expiresIn: seconds(values.expires) };
    const signed = signToken(readSettings(), request);
    if (values.json) printJson({ token: signed, ...request });
    else process.stdout.write(`${signed}\n`);
  },
});

function role(name: string): Role {
  const found = ROLES.find((each) => each === name);
  if (!found) throw new UsageError(`--role is one of ${ROLES.join(', ')}.`);
  return found;
}

function seconds(time: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(time) ?? [];
  if (!amount || Number(amount) === 0) throw new UsageError('--expires is a number and s, m, h or d: 30m, 12h, 7d.');
  return Number(amount) * SECONDS[unit as keyof typeof SECONDS];
}
