import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatModel, ChunkStore, Embedder, JobQueue } from '@packhouse/core';
import { chunkStore, pgBossQueue, type Db, type Queryable } from '@packhouse/postgres';
import { lostFile } from '../ingestion/lost-file.js';
import type { Settings } from '../settings/settings.js';
import { openChatModel } from './chat-model.js';
import { openDatabase, type Database } from './database.js';
import { openEmbedder } from './embedder.js';
import { packs, type Packs } from './packs.js';

export type Queue = JobQueue<Queryable>;

/** What a process is made of, chosen by the settings. */
export interface Parts {
  readonly settings: Settings;
  readonly database: Database;
  readonly db: Db;
  readonly chunks: ChunkStore;
  readonly embedder: Embedder;
  /** None where answers are extracted. */
  readonly chat: ChatModel | undefined;
  readonly queue: Queue;
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
  const [embedder, chat] = await Promise.all([openEmbedder(settings), openChatModel(settings)]);
  const database = await openDatabase(settings);
  try {
    const { db, exclusive, listen } = database;
    const queue = await pgBossQueue({ db, onError, exclusive, onLost: lostFile(db), ...(listen && { listen }) });
    const chunks = chunkStore(db);
    const uploads = await mkdtemp(join(tmpdir(), 'packhouse-uploads-'));
    return { settings, database, db, chunks, embedder, chat, queue, packs: packs(chunks, embedder), uploads };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Stops the queue, which waits for the file in hand or gives it back, then lets go of the database. */
export async function closeParts({ queue, database, uploads }: Parts): Promise<void> {
  await rm(uploads, { recursive: true, force: true });
  await queue.stop().finally(() => database.close());
}
