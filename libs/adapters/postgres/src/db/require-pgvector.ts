import { PackhouseError } from '@packhouse/core';
import type { Queryable } from './db.js';

/** The first with halfvec, sparsevec and iterative scans that we rely on. */
const FLOOR = [0, 8, 0] as const;

/** @throws PackhouseError `unsupported` where pgvector is missing or older than 0.8.0 */
export async function requirePgvector(db: Queryable): Promise<void> {
  const [installed] = await db.query<{ extversion: string }>(
    `select extversion from pg_extension where extname = 'vector'`,
  );
  if (installed && isAtLeast(installed.extversion, FLOOR)) return;
  throw new PackhouseError(
    'unsupported',
    `pgvector ${FLOOR.join('.')} or newer is needed; this database has ${installed?.extversion ?? 'none'}. ` +
      'Install it on the server, then: alter extension vector update',
  );
}

function isAtLeast(version: string, floor: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  const differs = floor.findIndex((part, index) => (parts[index] ?? 0) !== part);
  return differs === -1 || (parts[differs] ?? 0) > (floor[differs] as number);
}
