import type { PgBoss } from 'pg-boss';
import type { Job } from '@packhouse/core';
import type { Db } from '../db/db.js';

/** pg-boss's own schema: made by the migrator, owned by the application's role, without tenants' content. */
export const SCHEMA = 'packhouse_jobs';

/** One attempt at a job. Its id and count are what every settlement is fenced by. */
export interface Claim {
  readonly id: string;
  /** Earlier attempts. */
  readonly retryCount: number;
  readonly retryLimit: number;
  readonly expireInSeconds: number;
  readonly data: Job;
}

/** Takes the next job of a queue, leaving alone tenants who have `perTenant` running anywhere. */
export async function claimNext(boss: PgBoss, queue: string, perTenant: number): Promise<Claim | undefined> {
  const [claim] = await boss.fetch<Job>(queue, { includeMetadata: true, groupConcurrency: perTenant });
  return claim;
}

/**
 * Gives claims back as if they had never been taken: an attempt that its worker broke off does not count. pg-boss has
 * this as `restore`, but not in its public interface and not fenced.
 */
export async function handBack(db: Db, queue: string, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  await db.query(
    `update ${SCHEMA}.job set state = 'created', started_on = null, heartbeat_on = null
     where name = $1 and state = 'active' and id::text || ':' || retry_count = any (string_to_array($2, ','))`,
    [queue, claims.map(({ id, retryCount }) => `${id}:${retryCount}`).join(',')],
  );
}

/** Ends the attempts of a process that is gone, for a database that only one process has open. They count. */
export async function failOrphans(db: Db, boss: PgBoss, queue: string): Promise<void> {
  const orphans = await db.query<{ id: string; retryCount: number }>(
    `select id, retry_count as "retryCount" from ${SCHEMA}.job where name = $1 and state = 'active'`,
    [queue],
  );
  if (orphans.length > 0) await boss.fail(queue, orphans, { code: 'unavailable' });
}
