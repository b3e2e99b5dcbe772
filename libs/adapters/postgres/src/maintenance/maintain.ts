import { PackhouseError, throwIfAborted, type TenantId } from '@packhouse/core';
import { files } from '../catalogue/files.js';
import { sweepExpired } from '../catalogue/sweep-expired.js';
import { vectorStores } from '../catalogue/vector-stores.js';
import { reanalyse } from '../chunks/reanalyse.js';
import { EXACT_BELOW } from '../chunks/vector-space.js';
import type { Db, TenantTx } from '../db/db.js';
import { forEachTenant } from '../db/for-each-tenant.js';
import { openAdminSession, type AdminSession } from './admin-session.js';
import { buildIndex, dropIndex } from './build-index.js';
import { outdatedTenants, type OutdatedTenant } from './outdated-tenants.js';
import { planIndexes } from './plan-indexes.js';
import { untidyLeaves, type UntidyLeaf } from './untidy-leaves.js';
import { largeSpaces, vectorIndexes, type LargeSpace, type VectorIndex } from './vector-indexes.js';

export interface MaintainOptions {
  /** Of a role that is a member of packhouse_owner, as the one that migrated is. */
  readonly url: string;
  /** Vectors of one model from which a tenant gets an index on them; 20,000 or more: searches below are exact. @default 20_000 */
  readonly threshold?: number;
  /** Says what there is to do, and does none of it. @default false */
  readonly dryRun?: boolean;
  /** Ends the running step and leaves nothing half done. */
  readonly signal?: AbortSignal;
}

export interface MaintenanceStep {
  readonly action: 'sweep' | 'reanalyse' | 'drop' | 'build' | 'vacuum' | 'analyze';
  /** The tenant, the index or the table. */
  readonly target: string;
  /** Why, for people. */
  readonly reason: string;
  /** Set where the step failed. The others are gone on with. */
  readonly error?: unknown;
}

/**
 * Deletes files and empties vector stores that have expired, analyses anew what an older version analysed, gives large tenants their vector
 * indexes, takes away those that nobody needs or that are broken, and has PostgreSQL look after partitions that changed
 * much. Reads and writes go on meanwhile. To be run every night or so, and after a large
 * ingestion: until then searches are exact, and as slow as that is.
 *
 * Yields each step as it begins, and once more where it failed.
 *
 * @throws PackhouseError `conflict` while another run is under way, `forbidden` for a role that may not,
 *   `invalid_request` for a threshold below 20,000
 */
export async function* maintain(options: MaintainOptions): AsyncGenerator<MaintenanceStep> {
  const { url, threshold = EXACT_BELOW, dryRun = false, signal } = options;
  checkThreshold(threshold);
  const session = await openAdminSession(url);
  try {
    await holdAlone(session.db);
    for (const step of await plan(session.db, threshold, signal)) {
      throwIfAborted(signal);
      const { action, target, reason } = step;
      yield { action, target, reason };
      const error = dryRun ? undefined : await failureOf(step.run(session, signal));
      throwIfAborted(signal);
      if (error !== undefined) yield { action, target, reason, error };
    }
  } finally {
    await session.close();
  }
}

function checkThreshold(threshold: number): void {
  if (Number.isSafeInteger(threshold) && threshold >= EXACT_BELOW) return;
  const message = `The threshold is a whole number of ${EXACT_BELOW} or more: searches below are exact, and no index would be used.`;
  throw new PackhouseError('invalid_request', message, { param: 'threshold' });
}

/** Any number will do; it belongs to this database. Held by the session, and so let go however it ends. */
const LOCK = 7_225_449;

async function holdAlone(db: Db): Promise<void> {
  const [lock] = await db.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [LOCK]);
  if (lock?.held) return;
  throw new PackhouseError('conflict', 'Maintenance is being done already. Wait for it to end.', { retryable: true });
}

interface PlannedStep extends MaintenanceStep {
  run(session: AdminSession, signal?: AbortSignal): Promise<unknown>;
}

async function plan(db: Db, threshold: number, signal?: AbortSignal): Promise<PlannedStep[]> {
  const spaces = await largeSpaces(db, Math.ceil(threshold / 2), signal);
  const { drop, build } = planIndexes(spaces, await vectorIndexes(db, signal), threshold);
  return [
    ...(await sweepSteps(db, signal)),
    ...(await outdatedTenants(db, signal)).map(reanalyseStep),
    ...drop.map(dropStep),
    ...build.map(buildStep),
    ...(await untidyLeaves(db, signal)).map(tidyStep),
  ];
}

/** For tenants that ask for nothing any more: those that do have it done as they ask. */
async function sweepSteps(db: Db, signal?: AbortSignal): Promise<PlannedStep[]> {
  const due = await forEachTenant(db, isDue, signal);
  return [...due].flatMap(([tenant, yes]) => (yes ? [sweepStep(tenant)] : []));
}

const isDue = async (tx: TenantTx) =>
  (await files.nextExpired(tx)) !== null || (await vectorStores.unswept(tx)).length > 0;

const sweepStep = (tenant: TenantId): PlannedStep => ({
  action: 'sweep',
  target: tenant,
  reason: 'files or vector stores of its have expired',
  run: ({ db }, signal) => sweepExpired(db, tenant, signal),
});

const reanalyseStep = ({ tenant, chunks }: OutdatedTenant): PlannedStep => ({
  action: 'reanalyse',
  target: tenant,
  reason: `${chunks} chunks are not found by words: rules that are no more analysed them`,
  run: ({ db }, signal) => reanalyse(db, tenant, signal),
});

const dropStep = ({ index, valid }: VectorIndex): PlannedStep => ({
  action: 'drop',
  target: `packhouse.${index}`,
  reason: valid ? 'what it holds has shrunk, or is gone' : 'its build was broken off',
  run: ({ db }) => dropIndex(db, index),
});

const buildStep = (space: LargeSpace): PlannedStep => ({
  action: 'build',
  target: `packhouse.${space.index}`,
  reason: `${space.tenant} has ${space.vectors} vectors of ${space.dimensions} dimensions (generation ${space.generation})`,
  run: (session, signal) => buildIndex(session, space, signal),
});

const tidyStep = ({ leaf, vacuum }: UntidyLeaf): PlannedStep => ({
  action: vacuum ? 'vacuum' : 'analyze',
  target: leaf,
  reason: vacuum ? 'more than a tenth of its rows are dead' : 'more than a tenth of its rows are new',
  run: ({ db }, signal) => db.query(vacuum ? `vacuum (analyze) ${leaf}` : `analyze ${leaf}`, undefined, signal),
});

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
