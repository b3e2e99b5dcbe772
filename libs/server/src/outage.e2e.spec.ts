import { setTimeout as sleep } from 'node:timers/promises';
import { tenantId } from '@packhouse/core';
import { asTenant, ensureTenant, openPostgres } from '@packhouse/postgres';
import { toFile, type OpenAI } from 'openai';
import type { RunningServer } from './start.js';
import { clientOf, onPostgres, SERVER, startOn, type TestBed } from './testing/servers.js';
import { tcpGate, type TcpGate } from './testing/tcp-gate.js';

jest.setTimeout(240_000);

(SERVER ? describe : describe.skip)('a server whose PostgreSQL goes away (needs TEST_DATABASE_URL)', () => {
  let bed: TestBed;
  let gate: TcpGate;
  let server: RunningServer;
  let acme: OpenAI;
  let store: string;
  beforeAll(async () => {
    bed = await onPostgres(SERVER as string);
    gate = await tcpGate(bed.env['DATABASE_URL'] as string);
    server = await startOn({ ...bed, env: { ...bed.env, DATABASE_URL: gate.url } });
    acme = clientOf(server, 'acme');
    store = (await acme.vectorStores.create({ name: 'Rules' })).id;
    await upload('Refunds take ten days.', 'rules.txt');
  });
  afterAll(async () => {
    gate?.open();
    await server?.close();
    await gate?.close();
    await bed?.drop();
  });

  const upload = async (text: string, name: string) =>
    acme.vectorStores.files.uploadAndPoll(store, await toFile(Buffer.from(text), name));
  const search = () => acme.vectorStores.search(store, { query: 'refunds' });
  const health = async (path: string) => {
    const response = await fetch(`${server.url}/health/${path}`);
    return { status: response.status, body: (await response.json()) as { details: Record<string, object> } };
  };
  const ready = async () => {
    while ((await health('ready')).status !== 200) await sleep(100);
  };
  /** As a superuser, beside the gate. */
  const terminate = async (which: string) => {
    const { db, close } = await openPostgres({ url: bed.env['DATABASE_URL'] as string, max: 1 });
    await db
      .query(
        `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and ${which}`,
      )
      .finally(close);
  };

  it('lives on, says that it is not ready and why, and serves again by itself once the database is back', async () => {
    await ready();
    gate.shut();
    const { status, body } = await health('ready');
    expect(status).toBe(503);
    expect(body.details).toMatchObject({
      accepting: { status: 'up' },
      database: { status: 'down' },
      migrations: { status: 'down' },
    });
    expect([(await health('live')).status, (await health('startup')).status]).toEqual([200, 200]);
    await expect(search()).rejects.toMatchObject({ status: 503, code: 'unavailable' });

    gate.open();
    await ready();
    expect((await search()).data).toHaveLength(1);
    expect(await upload('Parcels are sent on Monday.', 'parcels.txt')).toMatchObject({ status: 'completed' });
  });

  it('has no use for connections that an administrator has ended', async () => {
    await ready();
    await Promise.all(Array.from({ length: 8 }, search));
    await terminate(`state = 'idle'`);
    await sleep(500);
    for (let n = 0; n < 12; n++) expect((await search()).data.length).toBeGreaterThan(0);
    expect(await upload('Boats leave at noon.', 'boats.txt')).toMatchObject({ status: 'completed' });
  });

  it('says of a statement that was ended half way that it may be tried again, and leaves nothing of it', async () => {
    const { db } = server.parts;
    const name = 'half way';
    const broken = asTenant(db, tenantId('half-way'), async (tx) => {
      await ensureTenant(tx);
      await tx.query(`select pg_sleep(20), '${name}'`);
    });
    const ended = expect(broken).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await sleep(500);
    await terminate(`query like '%${name}%'`);
    await ended;
    const tenants = asTenant(db, tenantId('half-way'), (tx) => tx.query('select from packhouse.tenants'));
    expect(await tenants).toEqual([]);
  });
});
