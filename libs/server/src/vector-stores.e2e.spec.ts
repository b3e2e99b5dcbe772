import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { tenantId, type Filter } from '@packhouse/core';
import { asTenant } from '@packhouse/postgres';
import { toFile, type OpenAI } from 'openai';
import type { RunningServer } from './start.js';
import { clientOf, startOn, testBeds, tokenFor, type TestBed } from './testing/servers.js';

const QUESTION = 'What of the platypus?';

type Attributes = Record<string, string | number | boolean>;
interface Answer {
  status: number;
  error?: { param: string; code: string };
  [member: string]: unknown;
}

describe.each(testBeds())('vector stores on $name', ({ make }) => {
  let bed: TestBed;
  let server: RunningServer;
  let acme: OpenAI;
  beforeAll(async () => {
    bed = await make();
    server = await startOn(bed);
    acme = clientOf(server, 'acme');
  });
  afterAll(async () => {
    await server?.close();
    await bed?.drop();
    rmSync(bed.env['PACKHOUSE_DATA'] as string, { recursive: true, force: true });
  });

  /** For what OpenAI's client has no call, or its types no word. */
  const send = async (method: string, path: string, body?: unknown, tenant = 'acme'): Promise<Answer> => {
    const response = await fetch(`${server.url}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${tokenFor(tenant)}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { ...((await response.json()) as object), status: response.status };
  };
  const newStore = async (more: OpenAI.VectorStoreCreateParams = {}) => (await acme.vectorStores.create(more)).id;
  const add = async (store: string, text: string, attributes?: Attributes) => {
    const { id } = await acme.files.create({ file: await toFile(Buffer.from(text), 'a.txt'), purpose: 'assistants' });
    await acme.vectorStores.files.createAndPoll(store, { file_id: id, ...(attributes && { attributes }) });
    return id;
  };
  const search = async (store: string, body: Partial<OpenAI.VectorStoreSearchParams> = {}) =>
    (await acme.vectorStores.search(store, { query: 'platypus', ...body })).data;
  const ask = (tools: object[], model = 'fusion') =>
    acme.chat.completions.create({
      model,
      messages: [{ role: 'user', content: QUESTION }],
      tools,
    } as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming);
  const cited = async (...args: Parameters<typeof ask>) => {
    const { annotations } = (await ask(...args)).choices[0]!.message as unknown as {
      annotations: { file_citation: { file_id: string } }[];
    };
    return [...new Set(annotations.map(({ file_citation }) => file_citation.file_id))];
  };

  describe('change', () => {
    it('in what is named, and keep the rest', async () => {
      const id = await newStore({ name: 'A', description: 'Of floors.', metadata: { floor: '2' } });
      expect(await acme.vectorStores.update(id, { name: 'B' })).toMatchObject({ name: 'B', metadata: { floor: '2' } });
      expect(await acme.vectorStores.update(id, { metadata: { team: 'x' } })).toMatchObject({
        name: 'B',
        metadata: { team: 'x' },
      });
      expect(await acme.vectorStores.update(id, { metadata: null })).toMatchObject({ name: 'B', metadata: {} });
      const found = { name: 'B', description: 'Of floors.', metadata: {}, expires_after: null };
      expect(await acme.vectorStores.retrieve(id)).toMatchObject(found);
      expect(await send('POST', `vector_stores/${id}`, { description: 'Else.' })).toMatchObject({
        description: 'Else.',
      });
      expect(await send('POST', `vector_stores/${id}`, { description: null })).toMatchObject({ description: null });
    });

    it('not to a description of more than 512 characters', async () => {
      const long = { description: 'x'.repeat(513) };
      const refused = { status: 400, error: { param: 'description' } };
      expect(await send('POST', `vector_stores/${await newStore()}`, long)).toMatchObject(refused);
      expect(await send('POST', 'vector_stores', long)).toMatchObject(refused);
    });

    it('in nothing that they do not have', async () => {
      const id = await newStore();
      const refused = await send('POST', `vector_stores/${id}`, { name: 'B', language: 'de' });
      expect(refused).toMatchObject({ status: 400, error: { message: expect.stringContaining('language') } });
      expect((await acme.vectorStores.retrieve(id)).name).toBe('');
    });
  });

  describe('go', () => {
    it('with their chunks and attachments, while the files stay', async () => {
      const [id, other] = [await newStore(), await newStore()];
      const file = await add(id, 'The platypus swims.');
      await acme.vectorStores.files.createAndPoll(other, { file_id: file });
      expect(await acme.vectorStores.delete(id)).toEqual({ id, object: 'vector_store.deleted', deleted: true });
      await expect(acme.vectorStores.retrieve(id)).rejects.toMatchObject({ status: 404 });
      await expect(search(id)).rejects.toMatchObject({ status: 404 });
      await expect(acme.vectorStores.delete(id)).rejects.toMatchObject({ status: 404 });
      expect((await acme.files.retrieve(file)).id).toBe(file);
      expect(await search(other)).toHaveLength(1);
      const left = await asTenant(server.parts.db, tenantId('acme'), (tx) =>
        tx.query('select from packhouse.chunks where collection = $1', [id]),
      );
      expect(left).toEqual([]);
    });

    it('while they are being filled, and nothing comes of it', async () => {
      const id = await newStore();
      const names = Array.from({ length: 5 }, (_, n) => n);
      const files = await Promise.all(names.map((n) => toFile(Buffer.from(`Wombat ${n}.`.repeat(500)), `${n}.txt`)));
      const uploaded = await Promise.all(files.map((file) => acme.files.create({ file, purpose: 'assistants' })));
      await acme.vectorStores.fileBatches.create(id, { file_ids: uploaded.map((file) => file.id) });
      await acme.vectorStores.delete(id);
      // The queue is in order: when this one is done, those before it are.
      await add(await newStore(), 'Later.');
      const tables = ['chunks', 'chunk_terms', 'chunk_vectors'].map(
        (table) => `select collection from packhouse.${table}`,
      );
      const left = await asTenant(server.parts.db, tenantId('acme'), (tx) =>
        tx.query(`select from (${tables.join(' union all ')}) all_of_them where collection = $1`, [id]),
      );
      expect(left).toEqual([]);
    });
  });

  describe('expire', () => {
    const DAY = 86_400;
    const age = (id: string, days: number) =>
      asTenant(server.parts.db, tenantId('acme'), (tx) =>
        tx.query(
          `update packhouse.vector_stores set last_active_at = now() - $2 * interval '24 hours' where vector_store_id = $1`,
          [id, days],
        ),
      );
    const days = (n: number) => ({ expires_after: { anchor: 'last_active_at', days: n } as const });

    it('so many days after they were used last', async () => {
      const store = await acme.vectorStores.create(days(3));
      expect(store).toMatchObject(days(3));
      expect(store.expires_at).toBe(store.last_active_at! + 3 * DAY);
      await age(store.id, 2);
      await search(store.id);
      const used = await acme.vectorStores.retrieve(store.id);
      expect(Math.abs(used.last_active_at! - Date.now() / 1000)).toBeLessThan(60);
      expect(await acme.vectorStores.update(store.id, days(9))).toMatchObject(days(9));
      expect(await acme.vectorStores.update(store.id, { expires_after: null })).toMatchObject({ expires_at: null });
      await age(store.id, 1_000);
      expect(await acme.vectorStores.retrieve(store.id)).toMatchObject({ status: 'completed' });
    });

    it.each([0, 366, 1.5])('not after %d days', async (n) => {
      await expect(acme.vectorStores.create(days(n))).rejects.toMatchObject({
        status: 400,
        param: 'expires_after.days',
      });
    });

    it('and then can be looked at and deleted, and nothing else', async () => {
      const id = await newStore(days(1));
      const file = await add(id, 'The platypus expires.');
      await age(id, 1);
      expect(await acme.vectorStores.retrieve(id)).toMatchObject({ status: 'expired' });
      for (const attempt of [
        () => search(id),
        () => cited([{ type: 'file_search', vector_store_ids: [id] }]),
        () => acme.vectorStores.update(id, { expires_after: null }),
        () => acme.vectorStores.files.create(id, { file_id: file }),
        () => acme.vectorStores.files.update(file, { vector_store_id: id, attributes: {} }),
        () => acme.vectorStores.fileBatches.create(id, { file_ids: [file] }),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ status: 400, message: expect.stringContaining('has expired') });
      }
      expect(await acme.vectorStores.delete(id)).toMatchObject({ deleted: true });
    });

    it('and are part of no answer, and are emptied soon after', async () => {
      const [id, other] = [await newStore(days(1)), await newStore()];
      const [gone, stays] = [await add(id, 'The platypus left.'), await add(other, 'The platypus stayed.')];
      const anywhere = [{ type: 'file_search', max_num_results: 50 }];
      expect(await cited(anywhere)).toEqual(expect.arrayContaining([gone, stays]));
      await age(id, 1);
      const answer = await cited(anywhere);
      expect(answer).toContain(stays);
      expect(answer).not.toContain(gone);
      for (let left = 50; (await acme.vectorStores.retrieve(id)).file_counts.total > 0; left -= 1) {
        expect(left).toBeGreaterThan(0);
        await sleep(100);
      }
      expect(await acme.vectorStores.retrieve(id)).toMatchObject({ status: 'expired', usage_bytes: 0 });
      expect(await cited(anywhere)).not.toContain(gone);
      expect((await acme.files.retrieve(gone)).id).toBe(gone);
    });
  });

  describe('have files that expire', () => {
    const HOUR = { anchor: 'created_at', seconds: 3_600 } as const;
    const create = async (text: string, expires_after: OpenAI.FileCreateParams.ExpiresAfter = HOUR) =>
      acme.files.create({ file: await toFile(Buffer.from(text), 'a.txt'), purpose: 'assistants', expires_after });
    const expire = async (id: string) => {
      const { db, seen } = server.parts;
      await asTenant(db, tenantId('acme'), (tx) =>
        tx.query('update packhouse.files set expires_at = now() where file_id = $1', [id]),
      );
      // In the place of the second for which what was seen before may hold.
      seen.forget(tenantId('acme'));
    };

    it('so many seconds after they came', async () => {
      const file = await create('The platypus expires.');
      expect(file.expires_at).toBe(file.created_at + 3_600);
      expect((await acme.files.retrieve(file.id)).expires_at).toBe(file.expires_at);
      const lasting = await acme.files.create({ file: await toFile(Buffer.from('a'), 'a.txt'), purpose: 'assistants' });
      expect(lasting.expires_at).toBeNull();
    });

    it.each([
      [{ seconds: 3_599 }, 'expires_after.seconds'],
      [{ seconds: 2_592_001 }, 'expires_after.seconds'],
      [{ seconds: 'soon' }, 'expires_after.seconds'],
      [{ anchor: 'last_active_at' }, 'expires_after.anchor'],
      [{ days: 1 }, 'expires_after'],
    ])('not as %j says', async (wrong, param) => {
      const files = async () => (await acme.files.list({ limit: 100 })).data.length;
      const before = await files();
      const created = create('a', { ...HOUR, ...wrong } as OpenAI.FileCreateParams.ExpiresAfter);
      await expect(created).rejects.toMatchObject({ status: 400, code: 'invalid_request', param });
      expect(await files()).toBe(before);
    });

    it.each([
      ['that is searched', (store: string) => search(store)],
      ['that is asked among all', () => cited([])],
    ])('and then are nowhere, and no answer of a store %s', async (_, question) => {
      const store = await newStore();
      const [stays, gone] = [await add(store, 'The platypus stayed.'), await create('The platypus left.')];
      await acme.vectorStores.files.createAndPoll(store, { file_id: gone.id });
      expect(await search(store)).toHaveLength(2);
      await expire(gone.id);
      for (const attempt of [
        () => acme.files.retrieve(gone.id),
        () => acme.files.content(gone.id),
        () => acme.vectorStores.files.content(gone.id, { vector_store_id: store }),
        async () => acme.vectorStores.files.create(await newStore(), { file_id: gone.id }),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ status: 404 });
      }
      const answer = await question(store);
      expect(JSON.stringify(answer)).not.toContain(gone.id);
      const tables = { chunks: 'document_id', blobs: 'blob_id', vector_store_files: 'file_id', files: 'file_id' };
      for (const [table, id] of Object.entries(tables)) {
        const rows = await asTenant(server.parts.db, tenantId('acme'), (tx) =>
          tx.query<{ id: string }>(`select ${id} as id from packhouse.${table}`),
        );
        const ids = rows.map((row) => row.id);
        expect([table, ids.includes(gone.id), ids.includes(stays)]).toEqual([table, false, true]);
      }
      expect((await acme.vectorStores.retrieve(store)).file_counts.total).toBe(1);
      await expect(acme.files.delete(gone.id)).rejects.toMatchObject({ status: 404 });
    });

    it('and are deleted as others come', async () => {
      const { id } = await create('The platypus left.');
      await expire(id);
      await create('Another.');
      await server.parts.beside.settled();
      const left = await asTenant(server.parts.db, tenantId('acme'), (tx) =>
        tx.query('select from packhouse.blobs where blob_id = $1', [id]),
      );
      expect(left).toEqual([]);
    });
  });

  describe('are filtered by attributes', () => {
    let store: string;
    const files = new Map<string, string>();
    beforeAll(async () => {
      store = await newStore();
      for (const year of [1999, 2010, 2024]) {
        files.set(
          String(year),
          await add(store, `The platypus of ${year}.`, { year, old: year < 2000, [`y${year}`]: 'x' }),
        );
      }
      files.set('bare', await add(store, 'A platypus of no year.'));
    }, 60_000);
    const named = (ids: readonly string[]) => [...files].filter(([, id]) => ids.includes(id)).map(([name]) => name);

    const FILTERS: [Filter, string[]][] = [
      [{ type: 'eq', key: 'year', value: 1999 }, ['1999']],
      [{ type: 'ne', key: 'year', value: 1999 }, ['2010', '2024', 'bare']],
      [{ type: 'gt', key: 'year', value: 2010 }, ['2024']],
      [{ type: 'gte', key: 'year', value: 2010 }, ['2010', '2024']],
      [{ type: 'lt', key: 'year', value: 2010 }, ['1999']],
      [{ type: 'lte', key: 'year', value: 2010 }, ['1999', '2010']],
      [{ type: 'in', key: 'year', value: [1999, 2024] }, ['1999', '2024']],
      [{ type: 'nin', key: 'year', value: [1999, 2024] }, ['2010', 'bare']],
      [{ type: 'eq', key: 'old', value: true }, ['1999']],
      [{ type: 'eq', key: 'year', value: '1999' }, []],
      [{ type: 'eq', key: `y1999' or true --`, value: 'x' }, []],
      [
        {
          type: 'or',
          filters: [
            { type: 'eq', key: 'y1999', value: 'x' },
            {
              type: 'and',
              filters: [
                { type: 'gt', key: 'year', value: 2000 },
                { type: 'lt', key: 'year', value: 2020 },
              ],
            },
          ],
        },
        ['1999', '2010'],
      ],
    ];
    it.each(FILTERS)('%j', async (filters, expected) => {
      const found = await search(store, { filters: filters as OpenAI.ComparisonFilter });
      expect(named(found.map(({ file_id }) => file_id))).toEqual(expected);
      const answered = await cited([{ type: 'file_search', vector_store_ids: [store], max_num_results: 50, filters }]);
      expect(named(answered).filter((name) => !expected.includes(name))).toEqual([]);
      expect(answered.length > 0).toBe(expected.length > 0);
    });

    const deep = (depth: number): object =>
      depth === 1 ? { type: 'eq', key: 'a', value: 1 } : { type: 'and', filters: [deep(depth - 1)] };
    const eq = { type: 'eq', key: 'a', value: 1 };
    it.each([
      ['an unknown operator', { type: 'like', key: 'a', value: 'x' }, 'filters.type'],
      [
        'one within others',
        { type: 'and', filters: [eq, { type: 'regex', key: 'a', value: '.' }] },
        'filters.filters.1.type',
      ],
      ['no operator', { key: 'a', value: 1 }, 'filters.type'],
      ['a text', 'year = 1999', 'filters'],
      ['an unknown member', { ...eq, sql: 'true' }, 'filters'],
      ['a list for eq', { ...eq, value: [1] }, 'filters.value'],
      ['one value for in', { ...eq, type: 'in' }, 'filters.value'],
      ['no values', { ...eq, type: 'in', value: [] }, 'filters.value'],
      ['an object as value', { ...eq, value: {} }, 'filters.value'],
      ['an empty key', { ...eq, key: '' }, 'filters.key'],
      ['no parts', { type: 'or', filters: [] }, 'filters.filters'],
      ['more than 8 levels', deep(9), `filters.${'filters.0.'.repeat(7)}type`],
      ['endless levels', deep(2_000), `filters.${'filters.0.'.repeat(7)}type`],
      ['101 parts', { type: 'and', filters: Array(50).fill({ type: 'and', filters: [eq] }) }, 'filters'],
    ])('and %s is refused, by its place', async (_, filters, param) => {
      const refused = await send('POST', `vector_stores/${store}/search`, { query: 'platypus', filters });
      expect(refused).toMatchObject({ status: 400, error: { param, code: 'invalid_request' } });
      const tools = [{ type: 'file_search', vector_store_ids: [store], filters }];
      const messages = [{ role: 'user', content: 'platypus' }];
      expect(await send('POST', 'chat/completions', { messages, tools })).toMatchObject({
        status: 400,
        error: { param: `tools.0.${param}` },
      });
    });

    it('8 levels and 100 parts deep', async () => {
      expect(await send('POST', `vector_stores/${store}/search`, { query: 'x', filters: deep(8) })).toMatchObject({
        status: 200,
      });
      const filters = { type: 'and', filters: Array(99).fill(eq) };
      expect((await send('POST', `vector_stores/${store}/search`, { query: 'x', filters })).status).toBe(200);
    });

    it('as soon as these change', async () => {
      const id = await newStore();
      const file = await add(id, 'The platypus changes.', { state: 'draft', lang: 'en' });
      const draft = { type: 'eq', key: 'state', value: 'draft' } as const;
      expect(await search(id, { filters: draft })).toHaveLength(1);
      const attributes = { state: 'final', constructor: 'Ada', toString: 'x', prototype: 1, hasOwnProperty: true };
      const updated = await acme.vectorStores.files.update(file, { vector_store_id: id, attributes });
      expect(updated).toMatchObject({ id: file, status: 'completed', attributes });
      expect(await search(id, { filters: draft })).toEqual([]);
      const [hit] = await search(id, { filters: { type: 'eq', key: 'constructor', value: 'Ada' } });
      expect(hit!.attributes).toEqual(attributes);
      await acme.vectorStores.files.update(file, { vector_store_id: id, attributes: null });
      expect((await search(id))[0]!.attributes).toEqual({});
      const absent = acme.vectorStores.files.update(`file-${'0'.repeat(24)}`, { vector_store_id: id, attributes });
      await expect(absent).rejects.toMatchObject({ status: 404 });
    });

    it('changed while the file was being read', async () => {
      const id = await newStore();
      const text = 'The platypus is long. '.repeat(3_000);
      const { id: file } = await acme.files.create({
        file: await toFile(Buffer.from(text), 'a.txt'),
        purpose: 'assistants',
      });
      await acme.vectorStores.files.create(id, { file_id: file, attributes: { state: 'draft' } });
      await acme.vectorStores.files.update(file, { vector_store_id: id, attributes: { state: 'final' } });
      expect((await acme.vectorStores.files.poll(id, file)).attributes).toEqual({ state: 'final' });
      const states = new Set((await search(id, { max_num_results: 50 })).map(({ attributes }) => attributes!['state']));
      expect([...states]).toEqual(['final']);
    });
  });

  it('keep names in metadata that objects have of their own, or refuse them', async () => {
    const metadata = { constructor: 'a', toString: 'b', prototype: 'c', valueOf: 'd', __defineGetter__: 'e' };
    const id = await newStore({ metadata });
    expect((await acme.vectorStores.retrieve(id)).metadata).toEqual(metadata);
    expect((await acme.vectorStores.list()).data.find((store) => store.id === id)!.metadata).toEqual(metadata);
    for (const body of ['{"metadata":{"__proto__":"a"}}', '{"metadata":{"constructor":{"prototype":"a"}}}']) {
      expect(await send('POST', 'vector_stores', body)).toMatchObject({ status: 400 });
    }
  });

  describe('rank', () => {
    let store: string;
    beforeAll(async () => {
      store = await newStore();
      for (const text of ['Platypus platypus.', 'A platypus among many other words that are about something else.']) {
        await add(store, text);
      }
    }, 60_000);

    it('by options as OpenAI names them', async () => {
      const all = await search(store);
      expect(all.map(({ score }) => score > 0 && score <= 1)).toEqual([true, true]);
      for (const ranker of ['none', 'auto', 'default-2024-11-15'] as const) {
        expect(await search(store, { ranking_options: { ranker } })).toEqual(all);
      }
      const threshold = (all[0]!.score + all[1]!.score) / 2;
      expect(await search(store, { ranking_options: { score_threshold: threshold } })).toEqual([all[0]]);
      expect(await search(store, { max_num_results: 1 })).toEqual([all[0]]);
      const asked = await search(store, { query: QUESTION });
      const ranking_options = { score_threshold: (asked[0]!.score + asked[1]!.score) / 2 };
      const tools = [{ type: 'file_search', vector_store_ids: [store], ranking_options }];
      expect(await cited(tools)).toEqual([asked[0]!.file_id]);
    });

    const weigh = (text_weight: number, embedding_weight: number) =>
      ({ ranking_options: { hybrid_search: { text_weight, embedding_weight } } }) as object;

    it('by words and meaning, as much as is asked', async () => {
      const words = await search(store);
      expect(await search(store, weigh(1, 0))).toEqual(words);
      // What no word of it finds, its vector finds.
      const query = 'platypsu';
      expect(await search(store, { query, ...weigh(1, 0) })).toEqual([]);
      expect(await search(store, { query, ...weigh(0, 1) })).toHaveLength(2);
      const both = await search(store, weigh(1, 1));
      expect(both[0]!.score).toBe(1);
      expect(both.at(-1)!.score).toBeLessThan(1);
    });

    it('several questions by where each has a passage, on the same scale', async () => {
      const [first, second] = await search(store, { query: ['platypus', 'platypus platypus'] });
      expect(first!.score).toBe(1);
      expect(second!.score).toBeCloseTo(61 / 62, 6);
      const ranking_options = { score_threshold: 0.99 };
      expect(await search(store, { query: ['platypus', 'platypus platypus'], ranking_options })).toEqual([first]);
    });

    it.each([
      [{ score_threshold: 1.1 }, 'ranking_options.score_threshold'],
      [{ ranker: 'cohere' }, 'ranking_options.ranker'],
      [{ hybrid_search: { text_weight: -1, embedding_weight: 1 } }, 'ranking_options.hybrid_search.text_weight'],
      [{ hybrid_search: { text_weight: 0, embedding_weight: 0 } }, 'ranking_options.hybrid_search'],
      [{ rrf: 3 }, 'ranking_options'],
    ])('not by %j', async (ranking_options, param) => {
      expect(await send('POST', `vector_stores/${store}/search`, { query: 'x', ranking_options })).toMatchObject({
        status: 400,
        error: { param },
      });
    });

    it('by no weights in a pack that has none', async () => {
      const tools = [{ type: 'file_search', ...weigh(1, 1) }];
      await expect(ask(tools, 'lexical')).rejects.toMatchObject({
        status: 400,
        param: 'ranking_options.hybrid_search',
      });
      expect((await ask(tools, 'hybrid')).choices).toHaveLength(1);
    });
  });

  describe('are listed', () => {
    it('in pages that neither repeat nor miss one while others come and go', async () => {
      const ids = [];
      for (let n = 0; n < 5; n += 1) ids.push((await clientOf(server, 'lists').vectorStores.create({})).id);
      const lists = clientOf(server, 'lists').vectorStores;
      const first = await lists.list({ limit: 2 });
      expect(first.data.map(({ id }) => id)).toEqual([ids[4], ids[3]]);
      await lists.delete(ids[3]!);
      await lists.create({});
      const second = await first.getNextPage();
      expect(second.data.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
      const back = await lists.list({ limit: 1, before: ids[2]! });
      expect(back.data.map(({ id }) => id)).toEqual([ids[4]]);
      expect((await lists.list({ order: 'asc', limit: 1 })).data[0]!.id).toBe(ids[0]);
    });

    it.each([
      ['files?after=vs_000000000000000000000000', 'after'],
      ['files?before=nonsense', 'before'],
      ['vector_stores?after=file-000000000000000000000000', 'after'],
      ["vector_stores?after=vs_' or true --", 'after'],
      ['vector_stores?limit=0', 'limit'],
      ['vector_stores?limit=101', 'limit'],
      ['vector_stores?limit=many', 'limit'],
      ['vector_stores?order=random', 'order'],
      ['vector_stores/STORE/files?filter=lost', 'filter'],
      ['vector_stores/STORE/files?after=', 'after'],
    ])('not by %s', async (path, param) => {
      const answer = await send('GET', path.replace('STORE', await newStore()));
      expect(answer).toMatchObject({ status: 400, error: { param } });
    });

    it('with another tenant’s id as a place, which shows nothing of it', async () => {
      const theirs = await newStore({ name: 'Secret' });
      const { data } = await clientOf(server, 'nobody').vectorStores.list({ after: theirs });
      expect(data).toEqual([]);
    });

    it('files by purpose, and files in stores and batches by status', async () => {
      const file = await toFile(Buffer.from('text'), 'a.txt');
      const { id } = await acme.files.create({ file, purpose: 'user_data' });
      expect((await acme.files.list({ purpose: 'user_data' })).data.map((each) => each.id)).toEqual([id]);
      expect((await acme.files.list({ purpose: 'fine-tune' })).data).toEqual([]);
      const store = await newStore();
      const empty = await acme.files.create({ file: await toFile(Buffer.from(''), 'b.txt'), purpose: 'assistants' });
      const batch = await acme.vectorStores.fileBatches.createAndPoll(store, { file_ids: [id, empty.id] });
      const byStatus = async (filter: 'completed' | 'failed' | 'in_progress') => [
        (await acme.vectorStores.files.list(store, { filter })).data.map((each) => each.id),
        (await acme.vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: store, filter })).data.map(
          (each) => each.id,
        ),
      ];
      expect(await byStatus('completed')).toEqual([[id], [id]]);
      expect(await byStatus('failed')).toEqual([[empty.id], [empty.id]]);
      expect(await byStatus('in_progress')).toEqual([[], []]);
    });
  });

  describe('cut files', () => {
    const WORDS = 'Every word of it is about the platypus. '.repeat(200);
    const strategy = { type: 'static', static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 0 } } as const;
    const pieces = async (store: string) => {
      const { data } = await acme.vectorStores.search(store, { query: 'platypus', max_num_results: 50 });
      return data.length;
    };
    const upload = async () =>
      (await acme.files.create({ file: await toFile(Buffer.from(WORDS), 'w.txt'), purpose: 'assistants' })).id;
    const form = async (fields: Record<string, string>) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      body.set('file', new Blob([WORDS]), 'w.txt');
      const headers = { authorization: `Bearer ${tokenFor('acme')}`, prefer: 'wait=60' };
      const response = await fetch(`${server.url}/v1/files`, { method: 'POST', headers, body });
      return { http: response.status, ...((await response.json()) as object) };
    };

    it('as asked, wherever they are attached', async () => {
      const [one, two, three, four] = [await newStore(), await newStore(), await newStore(), await newStore()];
      const file_id = await upload();
      await acme.vectorStores.files.createAndPoll(one, { file_id, chunking_strategy: strategy });
      await acme.vectorStores.files.createAndPoll(two, { file_id, chunking_strategy: { type: 'auto' } });
      await acme.vectorStores.fileBatches.createAndPoll(three, { file_ids: [file_id], chunking_strategy: strategy });
      const stored = await form({
        vector_store_id: four,
        chunking_strategy: JSON.stringify(strategy),
        attributes: '{"year":1999,"constructor":"Ada"}',
      });
      expect(stored).toMatchObject({ status: 'processed', vector_store_id: four });
      const five = await acme.vectorStores.create({ file_ids: [file_id], chunking_strategy: strategy });
      await acme.vectorStores.files.poll(five.id, file_id);
      const [fine, coarse] = [await pieces(one), await pieces(two)];
      expect(fine).toBeGreaterThan(3 * coarse);
      expect(await Promise.all([three, four, five.id].map(pieces))).toEqual([fine, fine, fine]);
      const [attached] = (await acme.vectorStores.files.list(four)).data;
      expect(attached).toMatchObject({ chunking_strategy: strategy, attributes: { year: 1999, constructor: 'Ada' } });
    }, 60_000);

    it.each([
      [{ chunking_strategy: '{"type":' }, 'chunking_strategy'],
      [{ chunking_strategy: '{"type":"semantic"}' }, 'chunking_strategy.type'],
      [
        { chunking_strategy: '{"type":"static","static":{"max_chunk_size_tokens":99,"chunk_overlap_tokens":0}}' },
        'chunking_strategy.static.max_chunk_size_tokens',
      ],
      [
        { chunking_strategy: '{"type":"static","static":{"max_chunk_size_tokens":100,"chunk_overlap_tokens":51}}' },
        'chunking_strategy.static.chunk_overlap_tokens',
      ],
      [{ attributes: '{"__proto__":"x"}' }, 'attributes'],
      [{ attributes: '{"a":{}}' }, 'attributes.a'],
    ])('not by %j', async (fields, param) => {
      const store = await newStore();
      expect(await form({ ...fields, vector_store_id: store } as Record<string, string>)).toMatchObject({
        status: 400,
        error: { param },
      });
    });

    it('for a store alone', async () => {
      expect(await form({ chunking_strategy: '{"type":"auto"}' })).toMatchObject({
        status: 400,
        error: { param: 'chunking_strategy' },
      });
      expect(await form({ attributes: '{}' })).toMatchObject({ status: 400, error: { param: 'attributes' } });
    });
  });
});
