import { tenantId } from '@packhouse/core';
import { asTenant, vectorStores, type Db } from '@packhouse/postgres';
import { openPglite, type OpenPglite } from '@packhouse/postgres/pglite';
import { prepareFolder } from '@packhouse/postgres/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seenStores } from './seen-stores.js';

const [acme, other] = [tenantId('acme'), tenantId('other')];
const day = { expiresAfterDays: 1 };

const folder = mkdtempSync(join(tmpdir(), 'packhouse-test-'));
let pglite: OpenPglite;
let asked = 0;
let counting: Db;

beforeAll(async () => {
  await prepareFolder(folder);
  pglite = await openPglite(folder);
  const { db } = pglite;
  counting = { query: db.query, tx: (work, signal) => (asked++, db.tx(work, signal)) };
});
afterAll(async () => {
  await pglite.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => (asked = 0));

const made = async (options = {}) =>
  (await asTenant(pglite.db, acme, (tx) => vectorStores.insert(tx, { name: 'a', ...options }))).vectorStoreId;

const ids = ({ stores }: { stores: readonly { vectorStoreId: string }[] }) =>
  stores.map(({ vectorStoreId }) => vectorStoreId);

describe('What was seen of stores', () => {
  it('serves all that look within five seconds, and no longer', async () => {
    const [store, stores] = [await made(), seenStores(counting)];
    const looks = () => Promise.all([1, 2, 3].map(() => stores.look(acme, [store])));
    await stores.look(acme, [store]);
    for (const seen of await looks()) expect(ids(seen)).toEqual([store]);
    expect(asked).toBe(1);
    const now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(now + 5_001);
    await stores.look(acme, [store]);
    clock.mockRestore();
    expect(asked).toBe(2);
  });

  it('is shown to the tenant whose stores they are alone', async () => {
    const [store, stores] = [await made(), seenStores(counting)];
    expect(ids(await stores.look(acme, [store]))).toEqual([store]);
    expect(ids(await stores.look(other, [store]))).toEqual([]);
    expect(ids(await stores.look(acme, [store]))).toEqual([store]);
  });

  it('is of just those stores', async () => {
    const [one, two, stores] = [await made(), await made(), seenStores(counting)];
    for (const named of [[one], [two], [one, two], [`${one}","${two}`]]) await stores.look(acme, named);
    expect(ids(await stores.look(acme, [two]))).toEqual([two]);
    expect(ids(await stores.look(acme, [`${one}","${two}`]))).toEqual([]);
  });

  it('is not kept of stores that are missing, expired or due to have their use noted', async () => {
    const [missing, expired, unnoted, stores] = ['vs_none', await made(day), await made(day), seenStores(counting)];
    const age = (id: string, interval: string) =>
      asTenant(pglite.db, acme, (tx) =>
        tx.query(
          `update packhouse.vector_stores set last_active_at = now() - $2::interval where vector_store_id = $1`,
          [id, interval],
        ),
      );
    await age(expired, '2 days');
    await age(unnoted, '2 minutes');
    for (const id of [missing, expired, unnoted]) {
      asked = 0;
      await stores.look(acme, [id]);
      await stores.look(acme, [id]);
      expect(asked).toBe(2);
    }
  });

  it('is not kept where a file has expired, which is to go before the search', async () => {
    const [store, stores] = [await made(), seenStores(counting)];
    await asTenant(pglite.db, acme, (tx) =>
      tx.query(
        `insert into packhouse.files (tenant_id, file_id, filename, purpose, bytes, media_type, sha256, expires_at)
         values ($1, 'file-old', 'a.txt', 'assistants', 1, 'text/plain', repeat('0', 64), now())`,
        [acme],
      ),
    );
    await stores.look(acme, [store]);
    await stores.look(acme, [store]);
    expect(asked).toBe(2);
  });

  it('is forgotten with a store that is deleted', async () => {
    const [store, stores] = [await made(), seenStores(counting)];
    await stores.look(acme, [store]);
    await asTenant(pglite.db, acme, (tx) => vectorStores.delete(tx, store));
    stores.forget(acme);
    expect(ids(await stores.look(acme, [store]))).toEqual([]);
  });
});
