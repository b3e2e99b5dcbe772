import { describeChunkStore } from '@packhouse/core/testing';
import { testDatabases } from '../testing/test-databases.js';
import { chunkStore } from './chunk-store.js';

describe.each(testDatabases())('$name', ({ open }) => {
  describeChunkStore('chunkStore', async () => {
    const { db, close } = await open();
    return { store: chunkStore(db), close };
  });
});
