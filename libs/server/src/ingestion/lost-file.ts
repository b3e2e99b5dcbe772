import type { Job } from '@packhouse/core';
import { asTenant, vectorStoreFiles, type Db } from '@packhouse/postgres';

/** Ends a file whose every attempt failed, the last one perhaps with its process. Nothing where it has ended already. */
export function lostFile(db: Db): (job: Job) => Promise<void> {
  return async ({ tenant, id }) => {
    await asTenant(db, tenant, (tx) =>
      vectorStoreFiles.finish(tx, id, {
        status: 'failed',
        code: 'server_error',
        message: 'The file could not be processed, several times over. Attach it again to have it tried again.',
      }),
    );
  };
}
