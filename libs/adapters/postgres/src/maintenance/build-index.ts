import { abortError, throwIfAborted } from '@packhouse/core';
import type { Queryable } from '../db/db.js';
import { isAtLeast } from '../db/require-pgvector.js';
import type { AdminSession } from './admin-session.js';
import type { LargeSpace } from './vector-indexes.js';

/**
 * Builds a space's index while it is read and written. On failure or when the signal fires nothing is left of it; where
 * the process dies, an invalid index is, for the next run to find.
 */
export async function buildIndex(session: AdminSession, space: LargeSpace, signal?: AbortSignal): Promise<void> {
  const { db } = session;
  await allowMemory(db, space);
  await allowWorkers(db);
  const create = await written(db, CREATE, [space.index, space.leaf, space.dimensions, space.tenant, space.generation]);
  try {
    await cancellable(session, () => db.query(create), signal);
  } catch (error) {
    // What cannot be dropped now is found by the next run.
    await dropIndex(db, space.index).catch(() => undefined);
    throw error;
  }
}

export async function dropIndex(db: Queryable, index: string): Promise<void> {
  await db.query(
    await written(db, `select format('drop index concurrently if exists packhouse.%I', $1::text) as sql`, [index]),
  );
}

/**
 * Twice the links and twice the care of pgvector's defaults: what they cost is paid by large tenants alone, and questions
 * unlike anything they have find 99 of 100 of what is nearest instead of 95 (25,000 vectors of 384 dimensions).
 */
const CREATE = `
  select format(
    'create index concurrently %1$I on %2$s using hnsw ((embedding::halfvec(%3$s)) halfvec_cosine_ops)
       with (m = 32, ef_construction = 128) where tenant_id = %4$L and generation = %5$s and dimensions = %3$s',
    $1::text, $2::text, $3::int, $4::text, $5::int) as sql`;

/** Utility statements take no parameters, so the server quotes for itself. */
async function written(db: Queryable, format: string, values: readonly unknown[]): Promise<string> {
  const [row] = await db.query<{ sql: string }>(format, values);
  return (row as { sql: string }).sql;
}

/** Beside the vector itself, what pgvector holds for a node while it builds with these links. */
const NODE_BYTES = 1_400;
const MOST_MEMORY = 2 ** 30;

/** A graph that outgrows this memory is built on disk, several times as slowly. The server's own setting may allow more. */
async function allowMemory(db: Queryable, { vectors, dimensions }: LargeSpace): Promise<void> {
  const graph = Math.min(vectors * (2 * dimensions + NODE_BYTES), MOST_MEMORY);
  await db.query('reset maintenance_work_mem');
  await db.query(
    `select set_config('maintenance_work_mem', $1 || 'kB', false)
     where pg_size_bytes(current_setting('maintenance_work_mem')) < $2`,
    [Math.ceil(graph / 1024), graph],
  );
}

/** Before 0.8.2 pgvector's parallel builds could write beyond their memory (CVE-2026-3172). */
const PARALLEL_BUILDS = '0.8.2';

async function allowWorkers(db: Queryable): Promise<void> {
  const [vector] = await db.query<{ version: string }>(
    `select extversion as version from pg_extension where extname = 'vector'`,
  );
  if (!isAtLeast(vector?.version ?? '0', PARALLEL_BUILDS)) await db.query('set max_parallel_maintenance_workers = 0');
}

/** A signal ends the statement and not the connection, on which what is left of it is cleaned up. */
async function cancellable(session: AdminSession, work: () => Promise<unknown>, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  let cancelled = Promise.resolve();
  const cancel = () => void (cancelled = session.cancel().catch(() => undefined));
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    await work();
  } catch (error) {
    throw signal?.aborted ? abortError(signal) : error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    // It must not reach the next statement instead.
    await cancelled;
  }
}
