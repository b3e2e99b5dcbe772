import type { Budget, ChatModel, ChunkStore, JobQueue, Reader, TenantId } from '@packhouse/core';
import { chunkStore, pgBossQueue, type Queryable, type Db } from '@packhouse/postgres';
import { isolated } from '@packhouse/readers';
import { activeEmbedder } from '../generations/active-embedder.js';
import { besideRequests, type BesideRequests } from '../generations/beside-requests.js';
import { bringOver, buildQueueName } from '../generations/bring-over.js';
import { questionSample } from '../generations/question-sample.js';
import { seenStores, type SeenStores } from '../library/seen-stores.js';
import { lostFile } from '../ingestion/lost-file.js';
import type { Settings } from '../settings/settings.js';
import { openBudget } from './budget.js';
import { openChatModel } from './chat-model.js';
import { openDatabase, type Database } from './database.js';
import { openEmbedders, type Embedders } from './embedder.js';
import { packs, type Packs } from './packs.js';
import { closeUploads, openUploads } from './uploads.js';

export type Queue = JobQueue<Queryable>;

/** What a process is made of, chosen by the settings. */
export interface Parts {
  readonly settings: Settings;
  readonly database: Database;
  readonly db: Db;
  readonly chunks: ChunkStore;
  readonly seen: SeenStores;
  readonly embedders: Embedders;
  readonly reader: Reader;
  /** None where answers are extracted. */
  readonly chat: ChatModel | undefined;
  /** What tenants may spend on the chat model. */
  readonly budget: Budget;
  /** Files to be ingested. */
  readonly queue: Queue;
  /** Tenants to be brought over to the current embedding model. */
  readonly builds: Queue;
  /** Has a tenant that is being served brought over, where that is due. */
  readonly bringOver: (tenant: TenantId) => void;
  readonly beside: BesideRequests;
  readonly packs: Packs;
  /** A folder for uploads until they are stored, this process's alone. */
  readonly uploads: string;
}

/** The injection token of {@link Parts}. */
export const PARTS = Symbol('packhouse.parts');

export interface OpenPartsOptions {
  /** Told of what goes wrong beside a request: a failed attempt at a file, a lost connection. */
  readonly onError: (error: unknown) => void;
}

/** Opens everything, or fails and leaves nothing open. */
export async function openParts(settings: Settings, { onError }: OpenPartsOptions): Promise<Parts> {
  const [embedders, chat] = await Promise.all([openEmbedders(settings), openChatModel(settings)]);
  const database = await openDatabase(settings);
  try {
    const { db } = database;
    const { queue, builds } = await openQueues(settings, database, embedders, onError);
    const chunks = chunkStore(db);
    const beside = besideRequests(onError);
    const reader = isolated({ maxBytes: settings.MAX_UPLOAD_BYTES });
    const seen = seenStores(db);
    const budget = openBudget(settings, db, beside);
    const opened = { settings, database, db, chunks, seen, embedders, reader, chat, budget, queue, builds, beside };
    const served = bringOver(opened);
    const keepQuestion = settings.KEEP_QUESTIONS ? questionSample(db, beside) : () => undefined;
    const onQuestion = (tenant: TenantId, text: string) => {
      served(tenant);
      keepQuestion(tenant, text);
    };
    const uploads = await openUploads();
    const active = (tenant: TenantId, signal?: AbortSignal) => activeEmbedder(db, embedders, tenant, signal);
    return { ...opened, uploads, bringOver: served, packs: packs({ chunks, activeEmbedder: active, onQuestion }) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * The job that is first in line is in hand whenever a process is killed, and each time counts: a few restarts in a row
 * are no fault of the file's. Its retries, with their waits, also outlast two minutes' outage of an embedding model.
 */
const FILE_ATTEMPTS = 8;

/** Part of DRAIN_TIMEOUT_SECONDS that a file in hand has to be done in, before it is handed back. */
const JOB_PATIENCE = 0.4;

async function openQueues(
  { INGESTION_CONCURRENCY: concurrency, DRAIN_TIMEOUT_SECONDS }: Settings,
  { db, exclusive, listen }: Database,
  { current }: Embedders,
  onError: (error: unknown) => void,
) {
  const common = { db, onError, exclusive, ...(listen && { listen }) };
  const queue = await pgBossQueue({
    ...common,
    onLost: lostFile(db),
    attempts: FILE_ATTEMPTS,
    ...(concurrency && { concurrency }),
    graceMs: DRAIN_TIMEOUT_SECONDS * 1000 * JOB_PATIENCE,
  });
  const builds = await pgBossQueue({
    ...common,
    name: buildQueueName(current.model),
    concurrency: 1,
    perTenant: 1,
    // A build goes on where it was broken off: stopping one costs nothing, and neither does trying again.
    graceMs: 0,
    expireSeconds: 6 * 3_600,
    attempts: 12,
  });
  return { queue, builds };
}

/** Takes no more jobs, and waits until those in hand are done or handed back. What is enqueued still is. */
export async function stopWork({ queue, builds }: Pick<Parts, 'queue' | 'builds'>): Promise<void> {
  await Promise.all([queue.stop(), builds.stop()]);
}

/** Stops the work, then lets go of the database. */
export async function closeParts(parts: Parts): Promise<void> {
  await closeUploads(parts.uploads);
  await Promise.all([stopWork(parts), parts.beside.settled()]).finally(() => parts.database.close());
}
