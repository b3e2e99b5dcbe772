import { rmSync } from 'node:fs';
import { toFile } from 'openai';
import type { Parts } from './parts/parts.js';
import { SettingsError, readSettings } from './settings/settings.js';
import { startServer, type RunningServer } from './start.js';
import { liveRoutes } from './testing/live-routes.js';
import { clientOf, environment, startOn, testBeds, tokenFor, type TestBed } from './testing/servers.js';
import type { Role } from './tokens.js';

/** What only the victim's files and answers hold. */
const CANARY = 'platypus';
const TEXT = `The ${CANARY} sleeps at noon.`;

interface Ids {
  readonly key: string;
  readonly file: string;
  readonly store: string;
  readonly batch: string;
}

/** A call of one route. */
interface Call {
  /** Who at least may call it; nobody needs a token for a public one. */
  readonly role: Role | 'public';
  readonly body?: (ids: Ids) => unknown;
  /** Ids beside the path and the body. */
  readonly query?: (ids: Ids) => Record<string, string>;
  /** What it alone may show of what is otherwise internal. */
  readonly gives?: string;
  /** Where ids are of things that a caller need not have: then it is 200 and shows nothing, else 404. */
  readonly shows?: true;
}

const upload = ({ store }: Ids) => {
  const form = new FormData();
  form.set('file', new Blob(['text']), 'a.txt');
  form.set('vector_store_id', store);
  return form;
};
const chat = ({ store }: Ids) => ({
  messages: [{ role: 'user', content: 'What sleeps at noon?' }],
  tools: [{ type: 'file_search', vector_store_ids: [store] }],
});
const files = ({ file }: Ids) => ({ after: file });
const stores = ({ store }: Ids) => ({ after: store });
const batched = ({ file }: Ids) => ({ before: file });

/** A call of every route there is: by the path as Fastify knows it. */
const ROUTES: Readonly<Record<string, Call>> = {
  'GET /health/live': { role: 'public' },
  'GET /health/ready': { role: 'public' },
  'GET /health/startup': { role: 'public' },
  'GET /openapi.json': { role: 'public' },
  'GET /docs': { role: 'public' },
  'GET /docs/:file': { role: 'public' },
  'POST /v1/files': { role: 'writer', body: upload },
  'GET /v1/files': { role: 'reader', query: files, shows: true },
  'GET /v1/files/:file': { role: 'reader' },
  'GET /v1/files/:file/content': { role: 'reader' },
  'DELETE /v1/files/:file': { role: 'writer' },
  'POST /v1/vector_stores': { role: 'writer', body: ({ file }) => ({ file_ids: [file] }) },
  'GET /v1/vector_stores': { role: 'reader', query: stores, shows: true },
  'GET /v1/vector_stores/:store': { role: 'reader' },
  'POST /v1/vector_stores/:store': { role: 'writer', body: () => ({ name: 'Changed', expires_after: null }) },
  'DELETE /v1/vector_stores/:store': { role: 'writer' },
  'POST /v1/vector_stores/:store/search': { role: 'reader', body: () => ({ query: 'What sleeps at noon?' }) },
  'POST /v1/vector_stores/:store/files': { role: 'writer', body: ({ file }) => ({ file_id: file }) },
  'GET /v1/vector_stores/:store/files': { role: 'reader', query: files },
  'GET /v1/vector_stores/:store/files/:file': { role: 'reader' },
  'POST /v1/vector_stores/:store/files/:file': { role: 'writer', body: () => ({ attributes: { of: 'attacker' } }) },
  'GET /v1/vector_stores/:store/files/:file/content': { role: 'reader' },
  'DELETE /v1/vector_stores/:store/files/:file': { role: 'writer' },
  'POST /v1/vector_stores/:store/file_batches': {
    role: 'writer',
    body: ({ file }) => ({ files: [{ file_id: file }] }),
  },
  'GET /v1/vector_stores/:store/file_batches/:batch': { role: 'reader' },
  'GET /v1/vector_stores/:store/file_batches/:batch/files': { role: 'reader', query: batched },
  'POST /v1/vector_stores/:store/file_batches/:batch/cancel': { role: 'writer' },
  'POST /v1/chat/completions': { role: 'reader', body: chat },
  'POST /v1/api_keys': { role: 'admin', body: () => ({ name: 'a key' }), shows: true },
  'GET /v1/api_keys': { role: 'admin', query: ({ key }) => ({ after: key }), shows: true },
  'DELETE /v1/api_keys/:key': { role: 'admin' },
  'POST /v1/embeddings': {
    role: 'reader',
    body: () => ({ model: 'hashed-v1-384', input: 'What sleeps at noon?' }),
    gives: 'embedding',
    shows: true,
  },
  'GET /v1/usage': { role: 'reader', query: () => ({ after: '2026-11-26' }), shows: true },
  'GET /v1/models': { role: 'reader', shows: true },
  'GET /v1/models/:model': { role: 'reader' },
};
const NAMES = Object.keys(ROUTES);

/** The live route table, `:id` by what it is the id of. */
async function routesOf(parts: Parts): Promise<string[]> {
  return (await liveRoutes(parts)).map((route) =>
    route
      .replace(/(v1\/files\/):id/, '$1:file')
      .replace(/(v1\/vector_stores\/):id/, '$1:store')
      .replace(/(v1\/api_keys\/):id/, '$1:key')
      .replace(/(v1\/models\/):(id|model)/, '$1:model'),
  );
}

/** What lies in another thing goes before it. */
const deepestFirst = (a: string, b: string) => b.split('/').length - a.split('/').length;

/** No member of an answer is called so: what is stored beside a file is nobody's to see. */
const NEVER_SHOWN = /embedding|^vector$|digest|sha256|tenant|ingestion|blob|password|generation/i;

function membersOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    ...(Array.isArray(value) ? [] : [key]),
    ...membersOf(member),
  ]);
}

describe.each(testBeds())('every route on $name', ({ make }) => {
  let bed: TestBed;
  let server: RunningServer;
  /** Of the victim; of the attacker; of nobody, though of the same form. */
  let theirs: Ids;
  let mine: Ids;
  const nobodys: Ids = {
    key: `key_${'0'.repeat(24)}`,
    file: `file-${'0'.repeat(24)}`,
    store: `vs_${'0'.repeat(24)}`,
    batch: `vsfb_${'0'.repeat(24)}`,
  };

  beforeAll(async () => {
    bed = await make();
    server = await startOn(bed);
    theirs = await filled('acme', TEXT);
    mine = await filled('ac', 'The wombat is awake.');
  }, 120_000);
  afterAll(async () => {
    await server?.close();
    await bed?.drop();
    rmSync(bed.env['PACKHOUSE_DATA'] as string, { recursive: true, force: true });
  });

  async function filled(tenant: string, text: string): Promise<Ids> {
    const client = clientOf(server, tenant);
    const { id: store } = await client.vectorStores.create({ name: text });
    const files = [await toFile(Buffer.from(text), `${text}.txt`)];
    const { id: batch } = await client.vectorStores.fileBatches.uploadAndPoll(store, { files });
    const [file] = (await client.vectorStores.files.list(store)).data;
    return { key: await createKey(tenant), file: file!.id, store, batch };
  }

  async function createKey(tenant: string): Promise<string> {
    const { text } = await send('POST /v1/api_keys', nobodys, as(tenant, 'admin'));
    return (JSON.parse(text) as { id: string }).id;
  }

  async function send(name: string, ids: Ids, headers: Record<string, string>, change = (body: unknown) => body) {
    const [method, path] = name.split(' ') as [string, string];
    const { body, query } = ROUTES[name] as Call;
    const url = path
      .replace('docs/:file', 'docs/start.js')
      .replace(':key', ids.key)
      .replace(':file', ids.file)
      .replace(':store', ids.store)
      .replace(':batch', ids.batch)
      .replace(':model', 'fusion');
    const content = body && change(body(ids));
    const form = content instanceof FormData;
    const response = await fetch(`${server.url}${url}?${new URLSearchParams(query?.(ids))}`, {
      method: method,
      headers: { ...headers, ...(content !== undefined && !form ? { 'content-type': 'application/json' } : {}) },
      ...(content !== undefined && { body: form ? content : JSON.stringify(content) }),
    });
    return { status: response.status, text: await response.text() };
  }

  const as = (tenant: string, role?: Role) => ({ authorization: `Bearer ${tokenFor(tenant, role)}` });
  /** What differs from one answer to the next in any case. */
  const plain = (text: string, { key, file, store, batch }: Ids) =>
    [key, file, store, batch]
      .reduce((rest, id) => rest.replaceAll(id, '<id>'), text)
      .replace(/"(created|created_at|request_id|id|instance|key)":("[^"]*"|\d+)/g, '');
  const victims = async () => {
    const client = clientOf(server, 'acme');
    return JSON.stringify([
      (await client.files.list()).data,
      (await client.vectorStores.list()).data,
      (await client.vectorStores.files.list(theirs.store)).data,
      (await send('GET /v1/api_keys', nobodys, as('acme', 'admin'))).text,
    ]);
  };

  it('has a row in the matrix', async () => {
    expect(NAMES.toSorted()).toEqual((await routesOf(server.parts)).toSorted());
  });

  describe.each(NAMES)('%s', (name) => {
    const { role, shows, gives } = ROUTES[name] as Call;

    if (role === 'public') {
      it('is one of the few that need no token, and names no tenant', async () => {
        const { status, text } = await send(name, theirs, {});
        expect(status).toBe(200);
        expect(text).not.toMatch(/acme|platypus/);
      });
      return;
    }

    it('is 401 without a token, whatever headers say who is calling', async () => {
      const claims = { 'x-tenant': 'acme', 'x-tenant-id': 'acme', 'x-user': 'admin', 'x-forwarded-user': 'acme' };
      const { status, text } = await send(name, theirs, claims);
      expect(status).toBe(401);
      expect(text).not.toContain(CANARY);
    });

    const lesser = { reader: [], writer: ['reader'], admin: ['reader', 'writer'] } as const;
    for (const less of lesser[role]) {
      it(`is 403 for a ${less}, and changes nothing`, async () => {
        const before = await victims();
        expect((await send(name, theirs, as('acme', less))).status).toBe(403);
        expect(await victims()).toBe(before);
      });
    }

    it('tells of another tenant’s ids, in path, query and body, what it tells of ids that nobody has', async () => {
      const before = await victims();
      const headers = { ...as('ac', 'admin'), 'x-tenant': 'acme' };
      const [foreign, absent] = [await send(name, theirs, headers), await send(name, nobodys, headers)];
      expect(foreign.status).toBe(shows || name.includes(':model') ? 200 : 404);
      expect(foreign.status).toBe(absent.status);
      expect(plain(foreign.text, theirs)).toBe(plain(absent.text, nobodys));
      expect(foreign.text).not.toContain(CANARY);
      expect(await victims()).toBe(before);
    });

    it('mixes no id of one’s own with another tenant’s', async () => {
      const before = await victims();
      for (const key of ['key', 'file', 'store', 'batch'] as const) {
        const body = ROUTES[name]?.body?.(theirs);
        const asked = `${name} ${body instanceof FormData ? [...body.values()].join() : JSON.stringify(body)}`;
        if (!asked.includes(`:${key}`) && !asked.includes(theirs[key])) continue;
        const ids = { ...mine, [key]: theirs[key] };
        const { status, text } = await send(name, ids, as('ac', 'admin'));
        expect([key, status]).toEqual([key, 404]);
        expect(text).not.toContain(CANARY);
      }
      expect(await victims()).toBe(before);
    });

    it('takes no tenant, owner, id, time or role from a body', async () => {
      const planted = {
        tenant: 'acme',
        tenantId: 'acme',
        tenant_id: 'acme',
        ownerId: 'x',
        role: 'admin',
        id: theirs.store,
        created_at: 1,
      };
      const before = await victims();
      const plant = (body: unknown) => {
        if (!(body instanceof FormData)) return { ...(body as object), ...planted };
        for (const [key, value] of Object.entries(planted)) body.set(key, String(value));
        return body;
      };
      // What deletes is not to delete what the tests below need.
      const ids = name.startsWith('DELETE') ? nobodys : { ...nobodys, store: mine.store };
      const { status, text } = await send(name, ids, as('ac', role), plant);
      expect([200, 400, 404]).toContain(status);
      expect(text).not.toMatch(/"created_at":1\b/);
      expect(text).not.toContain(theirs.store);
      expect(await victims()).toBe(before);
    });

    it('answers its own tenant in members that are documented, and none that is internal', async () => {
      // What deletes is tried last, on what nobody needs any more: see below.
      if (name.startsWith('DELETE')) return;
      const { status, text } = await send(name, mine, as('ac', role));
      expect(status).toBe(200);
      const members = text.startsWith('{') ? membersOf(JSON.parse(text)) : [];
      expect(members.filter((member) => NEVER_SHOWN.test(member) && member !== gives)).toEqual([]);
      expect(text).not.toContain(CANARY);
    });
  });

  it('that deletes does so for its own tenant, and shows nothing internal', async () => {
    const spare = await filled('ac', 'The wombat is gone.');
    for (const name of NAMES.filter((each) => each.startsWith('DELETE')).toSorted(deepestFirst)) {
      const { status, text } = await send(name, spare, as('ac', ROUTES[name]!.role as Role));
      expect(status).toBe(200);
      expect(membersOf(JSON.parse(text)).filter((member) => NEVER_SHOWN.test(member))).toEqual([]);
    }
  });

  it('in numbers', () => {
    process.stdout.write(
      `${NAMES.length} routes x {no token, reader, foreign tenant's ids, mixed ids, planted members, own}\n`,
    );
  });
});

const onServer = testBeds().filter(({ name }) => name === 'PostgreSQL');
(onServer.length > 0 ? describe : describe.skip)('production (needs TEST_DATABASE_URL)', () => {
  it('does not start as a superuser, and says which command mends it', async () => {
    const bed = await onServer[0]!.make();
    const env = { ...environment(), ...bed.env, NODE_ENV: 'production' };
    const started = startServer(readSettings({ ...env, DATABASE_ADMIN_URL: bed.env['DATABASE_URL'] }));
    await expect(started).rejects.toThrow(SettingsError);
    await expect(started).rejects.toThrow(/DATABASE_URL: The database role "postgres" is a superuser.*alter role/);
    await bed.drop();
  });
});
