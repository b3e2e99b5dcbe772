import { describeJobQueue } from '@packhouse/core/testing';
import { testDatabases } from '../testing/test-databases.js';
import { pgBossQueue } from './pg-boss-queue.js';

const SETTINGS = { attempts: 3, graceMs: 500, onError: () => undefined };

for (const { name, open } of testDatabases()) {
  describeJobQueue(`pg-boss on ${name}`, async () => {
    const { db, close } = await open();
    return {
      open: () => pgBossQueue({ db, ...SETTINGS }),
      tx: (work) => db.tx(work),
      close,
    };
  });
}
