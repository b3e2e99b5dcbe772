import { rmSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { documented, type OpenApi } from '../testing/documented.js';
import { liveRoutes } from '../testing/live-routes.js';
import { startOn, testBeds, type TestBed } from '../testing/servers.js';
import type { RunningServer } from '../start.js';

describe('the OpenAPI document', () => {
  const { make } = testBeds().at(-1)!;
  let bed: TestBed;
  let server: RunningServer;
  let document: OpenApi;

  beforeAll(async () => {
    bed = await make();
    server = await startOn(bed);
    document = (await (await fetch(`${server.url}/openapi.json`)).json()) as OpenApi;
  });
  afterAll(async () => {
    await server?.close();
    await bed?.drop();
    rmSync(bed.env['PACKHOUSE_DATA'] as string, { recursive: true, force: true });
  });

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );

  it('is one by the schema of OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate({ ...document });
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(document.openapi).toMatch(/^3\.1\./);
    const broken = await new Validator().validate({ ...document, paths: { nowhere: {} } });
    expect(broken.valid).toBe(false);
  });

  it('has every route that is served, and no other', async () => {
    const live = (await liveRoutes(server.parts)).map((route) => route.replace(/:(\w+)/g, '{$1}'));
    expect(
      operations()
        .map(({ method, path }) => `${method} ${path}`)
        .toSorted(),
    ).toEqual(live.toSorted());
  });

  it('names each operation once, and each path’s parameters', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z]+_[a-zA-Z]+$/);
    for (const { path, operation } of operations()) {
      const names = operation.parameters.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name)));
    }
  });

  it('refers to nothing that is not there', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
    let count = 0;
    for (const [, path] of references) {
      const found = path!.split('/').reduce<unknown>((at, step) => (at as Record<string, unknown>)?.[step], document);
      expect([path, found]).toEqual([path, expect.anything()]);
      count += 1;
    }
    expect(count).toBeGreaterThan(100);
  });

  it('holds the bounds that requests are checked by', () => {
    const { parameters } = document.paths['/v1/vector_stores']!['get']!;
    const limit = { type: 'integer', minimum: 1, maximum: 100, default: 20 };
    expect(parameters).toContainEqual(expect.objectContaining({ name: 'limit', in: 'query', schema: limit }));
  });

  it('says that a form has a field for each member of an object', () => {
    const { content } = document.paths['/v1/files']!['post']!.requestBody!;
    const { schema, encoding } = content['multipart/form-data']!;
    expect(encoding).toEqual({ expires_after: { style: 'deepObject', explode: true } });
    expect(schema).toMatchObject({
      properties: {
        expires_after: { properties: { seconds: { type: 'integer', minimum: 3_600, maximum: 2_592_000 } } },
      },
    });
  });

  it('is what the other tests compare every response with: one that differs is found', async () => {
    const check = await documented(server.url);
    const models = `${server.url}/v1/models`;
    const answer = (body: object) => Response.json(body);
    const model = { id: 'fusion', object: 'model', created: 0, owned_by: 'packhouse' };
    await check('GET', models, answer({ object: 'list', data: [model] }));
    for (const wrong of [{ ...model, secret: 1 }, { ...model, created: 'today' }, { id: 'fusion' }]) {
      await expect(check('GET', models, answer({ object: 'list', data: [wrong] }))).rejects.toThrow(
        'not as documented',
      );
    }
    await expect(check('GET', models, new Response('text'))).rejects.toThrow('not documented as text/plain');
  });
});
