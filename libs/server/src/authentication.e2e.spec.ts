import { rmSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { tenantId } from '@packhouse/core';
import { apiKeyDigest } from '@packhouse/nest/api-key';
import { asTenant, eraseTenant, openPostgres } from '@packhouse/postgres';
import { OpenAI, toFile } from 'openai';
import { resume, suspend } from './access.js';
import { AppModule } from './app.module.js';
import { readSettings } from './settings/settings.js';
import { startServer, type RunningServer } from './start.js';
import { clientOf, prepared, startOn, testBeds, tokenFor, type TestBed } from './testing/servers.js';

/** Whom the server lets in without asking who it is: nobody but probes. */
const PUBLIC = ['/docs', '/docs/:file', '/health/live', '/health/ready', '/health/startup', '/openapi.json'];

interface ApiKey {
  id: string;
  object: string;
  name: string;
  role: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  key?: string;
}

/** Every route there is, HEAD among them, as Fastify knows it. */
async function routesOf({ parts }: RunningServer): Promise<[method: string, path: string][]> {
  const found: [string, string][] = [];
  const adapter = new FastifyAdapter();
  adapter.getInstance().addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) if (each !== 'OPTIONS') found.push([each, url]);
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.over(parts), adapter, { logger: false });
  await app.init();
  await app.close();
  return found;
}

describe.each(testBeds())('who is let in, on $name', ({ name: engine, make }) => {
  let bed: TestBed;
  let server: RunningServer;

  beforeAll(async () => {
    bed = await make();
    // Switches that there are not.
    server = await startOn({ ...bed, env: { ...bed.env, AUTH: 'off', AUTH_DISABLED: 'true', JWT_ALGORITHMS: 'none' } });
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await bed?.drop();
    rmSync(bed.env['PACKHOUSE_DATA'] as string, { recursive: true, force: true });
  });

  const send = async (method: string, path: string, credential?: string, body?: object) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        ...(credential && { authorization: `Bearer ${credential}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      text,
      body: (text && isJson ? JSON.parse(text) : undefined) as ApiKey & { data: ApiKey[] },
    };
  };
  const admin = (tenant: string) => tokenFor(tenant, 'admin');
  const create = async (tenant: string, request: object) =>
    (await send('POST', '/v1/api_keys', admin(tenant), request)).body as Required<ApiKey>;
  const statusWith = async (credential: string, path = '/v1/files') => (await send('GET', path, credential)).status;

  it('is everyone by the few public routes, and nobody without credentials by any other', async () => {
    const open: string[] = [];
    for (const [method, path] of await routesOf(server)) {
      const { status } = await send(method, path.replaceAll(/:\w+/g, 'x'));
      if (status !== 401) open.push(path);
    }
    expect([...new Set(open)].toSorted()).toEqual(PUBLIC);
  });

  describe('by an API key', () => {
    it("is OpenAI's own client, as with a token", async () => {
      const { key } = await create('acme', { name: 'ingest', role: 'writer' });
      const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: key, maxRetries: 0 });
      const { id } = await client.vectorStores.create({ name: 'By key' });
      const text = await toFile(Buffer.from('The lamp is lit before sunset.'), 'lamp.txt');
      await client.vectorStores.files.uploadAndPoll(id, text);
      expect((await client.vectorStores.search(id, { query: 'When is the lamp lit?' })).data).toHaveLength(1);
      expect((await clientOf(server, 'acme').vectorStores.retrieve(id)).name).toBe('By key');
      const stream = await client.chat.completions.create({
        ...{ model: 'fusion', stream: true },
        messages: [{ role: 'user', content: 'When is the lamp lit?' }],
      });
      const deltas = (await Array.fromAsync(stream)).map(({ choices }) => choices[0]?.delta.content ?? '');
      expect(deltas.join('')).toContain('sunset');
    });

    it('sees the key once, and then what may be shown of it', async () => {
      const { key, ...shown } = await create('shown', { name: 'once', expires_at: 4_000_000_000 });
      expect(key).toMatch(/^phk_shown_key_[0-9a-z]{24}_[\w-]{43}$/);
      expect(shown).toEqual({
        id: key.slice(10, 38),
        object: 'api_key',
        name: 'once',
        role: 'reader',
        created_at: expect.any(Number),
        expires_at: 4_000_000_000,
        last_used_at: null,
      });
      const listed = await send('GET', '/v1/api_keys', admin('shown'));
      expect(listed.body.data).toEqual([shown]);
      expect(listed.text).not.toContain(key.slice(-43));
    });

    it('is in no table as itself', async () => {
      const { key } = await create('hashed', { name: 'hashed' });
      const rows = await asTenant(server.parts.db, tenantId('hashed'), (tx) =>
        tx.query<{ row: string; digest: Buffer }>(
          'select row_to_json(k)::text as row, digest from packhouse.api_keys k where tenant_id = $1',
          ['hashed'],
        ),
      );
      expect(rows).toHaveLength(1);
      const { row, digest } = rows[0]!;
      for (const form of [key, key.slice(-43), Buffer.from(key.slice(-43), 'base64url').toString('hex')]) {
        expect(row).not.toContain(form);
      }
      expect(Buffer.from(digest)).toEqual(apiKeyDigest(key));
    });

    it('may do what its role may', async () => {
      const roles = ['reader', 'writer', 'admin'] as const;
      const statuses = await Promise.all(
        roles.map(async (role) => {
          const { key } = await create('roles', { name: role, role });
          const write = await send('POST', '/v1/vector_stores', key, { name: 'x' });
          return [await statusWith(key), write.status, await statusWith(key, '/v1/api_keys')];
        }),
      );
      expect(statuses).toEqual([
        [200, 403, 403],
        [200, 200, 403],
        [200, 200, 200],
      ]);
    });

    it('is refused at once when the key is revoked, and when it has expired', async () => {
      const { id, key } = await create('gone', { name: 'gone' });
      expect(await statusWith(key)).toBe(200);
      expect((await send('DELETE', `/v1/api_keys/${id}`, admin('gone'))).body).toMatchObject({ id, deleted: true });
      expect(await statusWith(key)).toBe(401);
      expect((await send('DELETE', `/v1/api_keys/${id}`, admin('gone'))).status).toBe(404);
      const soon = Math.ceil(Date.now() / 1000) + 1;
      const brief = await create('gone', { name: 'brief', expires_at: soon });
      expect(await statusWith(brief.key)).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, soon * 1000 - Date.now() + 100));
      expect(await statusWith(brief.key)).toBe(401);
    });

    it('has when it was last used noted', async () => {
      const { id, key } = await create('used', { name: 'used' });
      await statusWith(key);
      const [shown] = (await send('GET', '/v1/api_keys', admin('used'))).body.data;
      expect(shown).toMatchObject({ id, last_used_at: expect.any(Number) });
      expect(Math.abs(shown!.last_used_at! - Date.now() / 1000)).toBeLessThan(60);
    });

    it('opens no other tenant, whatever it says of itself', async () => {
      const { key } = await create('acme', { name: 'admin', role: 'admin' });
      await create('globex', { name: 'admin', role: 'admin' });
      expect(await statusWith(key.replace('phk_acme', 'phk_globex'))).toBe(401);
      expect(await statusWith(key.replace('phk_acme', 'phk_nobody'))).toBe(401);
    });

    it('pages through keys', async () => {
      for (const name of ['1', '2', '3']) await create('many', { name });
      const first = (await send('GET', '/v1/api_keys?limit=2&order=asc', admin('many'))).body;
      expect(first).toMatchObject({ has_more: true, data: [{ name: '1' }, { name: '2' }] });
      const rest = await send('GET', `/v1/api_keys?limit=2&order=asc&after=${first.data[1]!.id}`, admin('many'));
      expect(rest.body).toMatchObject({ has_more: false, data: [{ name: '3' }] });
      expect((await send('GET', '/v1/api_keys?limit=101', admin('many'))).status).toBe(400);
    });

    it.each([
      {},
      { name: '' },
      { name: 'x'.repeat(257) },
      { name: 'a', role: 'root' },
      { name: 'a', expires_at: 1 },
      { name: 'a', expires_at: 1e15 },
      { name: 'a', expires_in: 60 },
      { name: 'a', tenant: 'globex' },
      { name: 'a\u0000b' },
    ])('is not made as %j', async (request) => {
      expect((await send('POST', '/v1/api_keys', admin('refused'), request)).status).toBe(400);
      expect((await send('GET', '/v1/api_keys', admin('refused'))).body.data).toEqual([]);
    });

    it('goes with the rest of an erased tenant', async () => {
      const { key } = await create('erased', { name: 'erased' });
      await asTenant(server.parts.db, tenantId('erased'), (tx) => eraseTenant(tx));
      expect(await statusWith(key)).toBe(401);
    });
  });

  describe('of a suspended tenant', () => {
    // The embedded database is this process's: there the server's own connection is the administrator's too.
    const settings = () => readSettings(bed.env);
    const whileAdministered = async (work: () => Promise<void>) => {
      if (engine === 'PostgreSQL') return work();
      await server.close();
      await work();
      server = await startOn(bed);
    };
    const settled = async (check: () => Promise<boolean>) => {
      const began = performance.now();
      while (!(await check())) {
        if (performance.now() - began > 10_000) throw new Error('That takes too long.');
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      return performance.now() - began;
    };

    it('is nobody within 5 s, by token, key or stream, and everybody again when it is resumed', async () => {
      const { key } = await create('late', { name: 'late', role: 'writer' });
      const stays = (await create('stays', { name: 'stays' })).key;
      const credentials = [tokenFor('late'), key];
      const chat = { model: 'fusion', stream: true, messages: [{ role: 'user', content: 'Who is it?' }] };
      const statuses = async () =>
        Promise.all([
          ...credentials.map((credential) => statusWith(credential)),
          ...credentials.map(async (credential) => (await send('GET', '/v1/models', credential)).status),
          ...credentials.map(async (credential) => streamStatus(credential, chat)),
        ]);
      expect(await statuses()).toEqual([200, 200, 200, 200, 200, 200]);

      await whileAdministered(() => suspend(settings(), tenantId('late')));
      const took = await settled(async () => (await statuses()).every((status) => status === 403));
      expect(took).toBeLessThan(6_000);
      expect(await statusWith(stays)).toBe(200);

      await whileAdministered(() => resume(settings(), tenantId('late')));
      expect(await settled(async () => (await statuses()).every((status) => status === 200))).toBeLessThan(6_000);
      await expect(whileAdministered(() => resume(settings(), tenantId('late')))).rejects.toThrow('is not suspended');
      if (engine !== 'PostgreSQL') server = await startOn(bed);
    }, 120_000);

    const streamStatus = async (credential: string, body: object) => {
      const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' };
      const response = await fetch(`${server.url}/v1/chat/completions`, {
        ...{ method: 'POST', headers },
        body: JSON.stringify(body),
      });
      await response.text();
      return response.status;
    };
  });

  const onServer = engine === 'PostgreSQL' ? it : it.skip;
  onServer(
    'is nobody whose key cannot be looked up: a failure lets nobody pass (needs TEST_DATABASE_URL)',
    async () => {
      const { key } = await create('away', { name: 'away' });
      const { db, close } = await openPostgres({ url: bed.env['DATABASE_URL'] as string, max: 1 });
      await db.query('alter table packhouse.api_keys rename to api_keys_away');
      expect(await statusWith(key)).toBeGreaterThanOrEqual(500);
      await db.query('alter table packhouse.api_keys_away rename to api_keys').finally(close);
      expect(await statusWith(key)).toBe(200);
    },
  );
});

describe('callers behind a proxy', () => {
  it.each([
    ['trusted', '127.0.0.1', 401],
    ['not trusted', '10.0.0.0/8', 429],
  ])('that is %s are told apart accordingly', async (_, TRUSTED_PROXIES, expected) => {
    const server = await startServer(readSettings({ ...(await prepared()), TRUSTED_PROXIES }));
    const statusFrom = async (address: string) => {
      const headers = { authorization: 'Bearer a.b.c', 'x-forwarded-for': address };
      return (await fetch(`${server.url}/v1/files`, { headers })).status;
    };
    for (let turn = 0; turn < 30; turn += 1) expect(await statusFrom('192.0.2.1')).toBe(401);
    expect(await statusFrom('192.0.2.1')).toBe(429);
    expect(await statusFrom('192.0.2.2')).toBe(expected);
    await server.close();
  });
});
