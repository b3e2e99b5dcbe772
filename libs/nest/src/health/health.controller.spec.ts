import request from 'supertest';
import { closeAll, serve, SILENT } from '../../fixtures/serve.js';
import { Readiness } from './readiness.js';

afterEach(closeAll);

const up = async () => {};
const down = async () => {
  throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
};

const health = async (app: Awaited<ReturnType<typeof serve>>, path: string) => {
  const { status, body, headers } = await request(app.getHttpServer()).get(`/health/${path}`);
  return { status, body, headers };
};

describe('health', () => {
  it('is asked without a token and never cached', async () => {
    const app = await serve();
    for (const path of ['live', 'ready', 'startup']) {
      const { status, body, headers } = await health(app, path);
      expect({ status, state: body.status }).toEqual({ status: 200, state: 'ok' });
      expect(headers['cache-control']).toContain('no-store');
    }
  });

  it('is ready while every part is up, each by its name', async () => {
    const app = await serve({ indicators: { database: up, queue: up } });
    const { status, body } = await health(app, 'ready');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ok',
      details: { accepting: { status: 'up' }, database: { status: 'up' }, queue: { status: 'up' } },
    });
  });

  it('is not ready while one part is down, and lives on', async () => {
    const app = await serve({ indicators: { database: down, queue: up } });
    const { status, body } = await health(app, 'ready');
    expect(status).toBe(503);
    expect(body).toMatchObject({
      status: 'error',
      info: { queue: { status: 'up' } },
      error: { database: { status: 'down' } },
      details: { database: { status: 'down' }, queue: { status: 'up' } },
    });
    expect((await health(app, 'live')).status).toBe(200);
    expect((await health(app, 'startup')).status).toBe(200);
  });

  it('tells the log why a part is down, and the public only that it is', async () => {
    const warnings: string[] = [];
    const logger = { ...SILENT, warn: (message: string) => warnings.push(message) };
    const app = await serve({ indicators: { database: down }, logger });
    expect(JSON.stringify((await health(app, 'ready')).body)).not.toContain('10.0.0.7');
    expect(warnings).toEqual(['database is down: connect ECONNREFUSED 10.0.0.7:5432']);
  });

  it('counts a part that does not answer within 2 s as down, and tells it to give up', async () => {
    let given: AbortSignal | undefined;
    const stuck = (signal: AbortSignal) => {
      given = signal;
      return new Promise<void>(() => {});
    };
    const app = await serve({ indicators: { database: stuck, queue: up } });
    const started = Date.now();
    const { status, body } = await health(app, 'ready');
    expect(status).toBe(503);
    expect(body.details).toMatchObject({ database: { status: 'down' }, queue: { status: 'up' } });
    expect(Date.now() - started).toBeLessThan(3_000);
    expect(given?.aborted).toBe(true);
  });

  it('recovers with its parts', async () => {
    let works = false;
    const app = await serve({ indicators: { database: () => (works ? up() : down()) } });
    expect((await health(app, 'ready')).status).toBe(503);
    works = true;
    expect((await health(app, 'ready')).status).toBe(200);
  });

  it('is not ready while draining, and still serves', async () => {
    const app = await serve();
    app.get(Readiness).drain();
    const { status, body } = await health(app, 'ready');
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'error', error: { accepting: { status: 'down', message: 'draining' } } });
    expect((await health(app, 'live')).status).toBe(200);
    await request(app.getHttpServer()).get('/about').expect(200);
  });
});
