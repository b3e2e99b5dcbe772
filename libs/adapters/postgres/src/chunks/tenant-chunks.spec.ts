import { tenantId } from '@packhouse/core';
import { chunk } from '@packhouse/core/testing';
import { asTenant } from '../db/db.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { chunkStore, tenantChunks } from './chunk-store.js';

describe.each(testDatabases())('tenantChunks on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  const tenant = tenantId('acme');
  const embedding = { model: 'm', vector: Float32Array.of(1, 0) };
  const one = chunk({ text: 'Refunds are paid weekly.' });
  const stored = () => chunkStore(database.db).forTenant(tenant).byIds([one.id]);

  it('commits and rolls back with the caller’s transaction', async () => {
    const failed = asTenant(database.db, tenant, async (tx) => {
      expect(await tenantChunks(tx).replaceDocument(one, [{ ...one, embedding }])).toMatchObject({ added: 1 });
      expect(await tenantChunks(tx).matching('refund', { limit: 5 })).toHaveLength(1);
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    expect(await stored()).toEqual([]);
    await asTenant(database.db, tenant, (tx) => tenantChunks(tx).replaceDocument(one, [{ ...one, embedding }]));
    expect(await stored()).toEqual([one]);
  });

  it('shows readers the old version until the new one is whole', async () => {
    const store = chunkStore(database.db).forTenant(tenant);
    const versions = [0, 1].map((version) =>
      Array.from({ length: 20 }, (_, ordinal) => ({
        ...chunk({ id: `${version}.${ordinal}`, text: `Version ${version} of voucher.`, ordinal, documentId: 'v' }),
        embedding,
      })),
    );
    const document = { collection: 'docs', documentId: 'v' };
    await store.replaceDocument(document, versions[0] ?? []);
    const seen: Set<string>[] = [];
    const reader = (async () => {
      for (let turn = 0; turn < 30; turn++) {
        const hits = await store.matching('voucher', { limit: 100 });
        seen.push(new Set(hits.map(({ chunk: { id } }) => `${id[0]} of ${hits.length}`)));
      }
    })();
    for (let turn = 1; turn <= 6; turn++) await store.replaceDocument(document, versions[turn % 2] ?? []);
    await reader;
    for (const versionsSeen of seen) expect([['0 of 20'], ['1 of 20']]).toContainEqual([...versionsSeen]);
  });
});
