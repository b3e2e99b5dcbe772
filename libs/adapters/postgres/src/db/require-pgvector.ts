import { PackhouseError } from '@packhouse/core';
import type { Queryable } from './db.js';

export interface PgvectorRequirement {
  /** Of this PostgreSQL is made production use: the faults that 0.8.2 mended are not to be met there. @default false */
  production?: boolean;
}

/** The first with halfvec, sparsevec and iterative scans that we rely on. */
const FLOOR = '0.8.0';
/** Mends a buffer overflow in parallel builds of HNSW indexes (CVE-2026-3172). */
const PRODUCTION_FLOOR = '0.8.2';
/** Mends HNSW indexes that vacuum could corrupt (0.8.3) or leave in pieces (0.8.4). */
const ADVISED = '0.8.4';

/**
 * Reads which pgvector this database has.
 *
 * @returns what to tell the operator of a version that is taken and had better not be: production below 0.8.4
 * @throws PackhouseError `unsupported` where pgvector is missing or older than 0.8.0, in production than 0.8.2
 */
export async function requirePgvector(
  db: Queryable,
  { production = false }: PgvectorRequirement = {},
): Promise<string | undefined> {
  const [installed] = await db.query<{ extversion: string }>(
    `select extversion from pg_extension where extname = 'vector'`,
  );
  const floor = production ? PRODUCTION_FLOOR : FLOOR;
  if (!installed || !isAtLeast(installed.extversion, floor)) {
    throw new PackhouseError(
      'unsupported',
      `pgvector ${floor} or newer is needed${production ? ' in production' : ''}; this database has ` +
        `${installed?.extversion ?? 'none'}. ${MEND}`,
    );
  }
  if (!production || isAtLeast(installed.extversion, ADVISED)) return undefined;
  return `pgvector ${installed.extversion} has faults in HNSW indexes that ${ADVISED} mends. ${MEND}`;
}

const MEND = 'Install it on the server, then: alter extension vector update';

export function isAtLeast(version: string, floor: string): boolean {
  const parts = version.split('.').map(Number);
  const wanted = floor.split('.').map(Number);
  const differs = wanted.findIndex((part, index) => (parts[index] ?? 0) !== part);
  return differs === -1 || (parts[differs] ?? 0) > (wanted[differs] as number);
}
