import { describeBlobStore } from '@packhouse/core/testing';
import { testDatabases } from '../testing/test-databases.js';
import { postgresBlobs } from './postgres-blobs.js';

for (const { name, open } of testDatabases()) {
  describeBlobStore(name, async () => {
    const { db, close } = await open();
    return { blobs: postgresBlobs(db), close };
  });
}
