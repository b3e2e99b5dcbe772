import { randomBytes } from 'node:crypto';
import { tenantId } from '@packhouse/core';
import { asTenant, type TenantTx } from '../db/db.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { apiKeys, newKeyId, type NewApiKey } from './api-keys.js';

const tenant = tenantId('acme');
const digest = randomBytes(32);
const KEY: NewApiKey = { name: 'billing', role: 'writer', digest };

describe.each(testDatabases())('API keys on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()), 60_000);
  afterAll(() => database?.close());

  const as = <T>(work: (tx: TenantTx) => Promise<T>) => asTenant(database.db, tenant, work);
  const added = async (key: Partial<NewApiKey> = {}) => {
    const keyId = newKeyId();
    return as((tx) => apiKeys.insert(tx, keyId, { ...KEY, ...key }));
  };
  const find = (keyId: string) => as((tx) => apiKeys.find(tx, keyId));

  it('are found by their id, and listed without what they are held against', async () => {
    const row = await added();
    expect(row).toEqual({
      keyId: expect.stringMatching(/^key_[0-9a-hjkmnp-tv-z]{24}$/),
      name: 'billing',
      role: 'writer',
      createdAt: expect.any(Date),
      expiresAt: null,
      lastUsedAt: null,
    });
    const found = await find(row.keyId);
    expect({ ...found, digest: Buffer.from(found!.digest) }).toEqual({ role: 'writer', digest, noted: false });
    expect((await as((tx) => apiKeys.list(tx, { limit: 10, order: 'asc' }))).data).toEqual([row]);
  });

  it('are not found once they have expired', async () => {
    const expired = await added({ expiresAt: new Date(Date.now() - 1_000) });
    const fresh = await added({ expiresAt: new Date(Date.now() + 60_000) });
    expect([await find(expired.keyId), await find(fresh.keyId)]).toEqual([null, expect.anything()]);
  });

  it('have their use noted once a minute', async () => {
    const { keyId } = await added();
    const lastUse = async () =>
      (await as((tx) => apiKeys.list(tx, { limit: 100, order: 'asc' }))).data.find((key) => key.keyId === keyId)!
        .lastUsedAt;
    await as((tx) => apiKeys.touch(tx, keyId));
    const first = await lastUse();
    expect(first).toBeInstanceOf(Date);
    expect(await find(keyId)).toMatchObject({ noted: true });
    await as((tx) => apiKeys.touch(tx, keyId));
    expect(await lastUse()).toEqual(first);
    await database.admin.query(`update packhouse.api_keys set last_used_at = now() - interval '61 s'`);
    expect(await find(keyId)).toMatchObject({ noted: false });
    await as((tx) => apiKeys.touch(tx, keyId));
    expect((await lastUse())!.getTime()).toBeGreaterThanOrEqual(first!.getTime());
  });

  it('are gone at once when they are deleted', async () => {
    const { keyId } = await added();
    expect(await as((tx) => apiKeys.delete(tx, keyId))).toBe(true);
    expect(await find(keyId)).toBeNull();
    expect(await as((tx) => apiKeys.delete(tx, keyId))).toBe(false);
  });
});
