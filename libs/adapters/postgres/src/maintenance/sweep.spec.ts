import { tenantId, type TenantId } from '@packhouse/core';
import { vectorStoreFiles } from '../catalogue/vector-store-files.js';
import { vectorStores } from '../catalogue/vector-stores.js';
import { files } from '../catalogue/files.js';
import { asTenant, type TenantTx } from '../db/db.js';
import { FILE } from '../isolation/two-tenants.js';
import { testDatabases } from '../testing/test-databases.js';
import { maintain, type MaintenanceStep } from './maintain.js';

const CHUNKING = { maxChunkSizeTokens: 800, chunkOverlapTokens: 400 };
const [idle, busy, brief] = ['idle', 'busy', 'brief'].map(tenantId) as [TenantId, TenantId, TenantId];

async function addStore(tx: TenantTx, lastUsed: string): Promise<void> {
  const { vectorStoreId } = await vectorStores.insert(tx, { expiresAfterDays: 1 });
  await files.insert(tx, `file-${lastUsed}`, { ...FILE, filename: 'a.txt' });
  await vectorStoreFiles.attach(tx, { vectorStoreId, fileId: `file-${lastUsed}`, chunking: CHUNKING });
  await tx.query(
    'update packhouse.vector_stores set last_active_at = now() - $2::interval where vector_store_id = $1',
    [vectorStoreId, lastUsed],
  );
}

describe.each(testDatabases().filter(({ name }) => name === 'PostgreSQL'))('maintain on $name', ({ open }) => {
  it('empties the expired stores and deletes the expired files of tenants that ask for nothing any more', async () => {
    const database = await open();
    for (const lastUsed of ['25 hours', '26 hours']) await asTenant(database.db, idle, (tx) => addStore(tx, lastUsed));
    await asTenant(database.db, busy, (tx) => addStore(tx, '23 hours'));
    const expiring = { ...FILE, filename: 'b.txt', expiresAfterSeconds: 0 };
    await asTenant(database.db, brief, (tx) => files.insert(tx, 'file-brief', expiring));
    const { pathname } = new URL(database.url as string);
    const url = Object.assign(new URL(process.env['TEST_DATABASE_URL'] as string), { pathname }).href;
    const sweeps = async (dryRun: boolean) => {
      const steps: MaintenanceStep[] = [];
      for await (const step of maintain({ url, dryRun })) steps.push(step);
      return steps.filter(({ action, error }) => action === 'sweep' || error !== undefined);
    };
    const due = ['brief', 'idle'].map((target) => ({
      action: 'sweep',
      target,
      reason: 'files or vector stores of its have expired',
    }));
    expect(await sweeps(true)).toEqual(due);
    expect(await sweeps(false)).toEqual(due);
    expect(await sweeps(false)).toEqual([]);
    const left = await database.admin.query('select distinct tenant_id from packhouse.vector_store_files');
    expect(left).toEqual([{ tenant_id: 'busy' }]);
    expect(await database.admin.query(`select from packhouse.files where tenant_id = 'brief'`)).toEqual([]);
    await database.close();
  });
});
