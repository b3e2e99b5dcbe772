import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import type { Db } from './db/db.js';
import { lockFolder, type FolderLock } from './db/folder-lock.js';
import { fromOwnPglite, type OwnPglite } from './db/from-pglite.js';
import { migrate } from './db/migrate.js';
import { APP_ROLE } from './db/roles.js';

export { fromPglite, type PGliteLike } from './db/from-pglite.js';

export interface OpenPglite {
  readonly db: Db;
  /**
   * The engine beneath, for libraries that bring their own SQL. Its session is the application's role, and it reads values
   * as `db` does. (Not typed as PGlite: its declarations need types that it does not bring, which strict consumers would
   * have to install.)
   */
  readonly lite: OwnPglite;
  close(): Promise<void>;
}

/**
 * Opens PostgreSQL inside this process, migrated, its session bound to the application's role.
 *
 * @param folder where the data lives; in memory without it
 * @throws PackhouseError `conflict` for a folder another process has open: PGlite itself would let both in
 */
export async function openPglite(folder?: string): Promise<OpenPglite> {
  if (folder === undefined) return start();
  const lock = await lockFolder(folder);
  return start(join(folder, 'pglite'), lock).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
}

async function start(dataDir?: string, lock?: FolderLock): Promise<OpenPglite> {
  const lite = await PGlite.create({ ...(dataDir === undefined ? {} : { dataDir }), extensions: { vector } });
  const db = fromOwnPglite(lite);
  await migrate(db);
  // PGlite begins as a superuser, whom row-level security does not bind.
  await lite.exec(`set role ${APP_ROLE}`);
  const close = async () => {
    await lite.close();
    await lock?.release();
  };
  return { db, lite, close };
}
