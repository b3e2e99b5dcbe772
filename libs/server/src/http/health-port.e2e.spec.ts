import { readSettings } from '../settings/settings.js';
import { startServer, startWorker, type RunningServer } from '../start.js';
import { prepared } from '../testing/servers.js';

const status = async (url: string, path: string) => (await fetch(url + path)).status;
const settings = async (more: Record<string, string>) => readSettings({ ...(await prepared()), ...more });

describe.each([
  ['an API', startServer],
  ['a worker', startWorker],
])('the health of %s with HEALTH_PORT', (_, start) => {
  let server: RunningServer;
  beforeAll(async () => (server = await start(await settings({ HEALTH_PORT: '0' }))));
  afterAll(() => server.close());

  it('is answered there, and not at PORT, which an ingress leads to', async () => {
    const { url, healthUrl } = server;
    for (const path of ['/health/live', '/health/ready']) {
      expect([await status(healthUrl, path), await status(url, path)]).toEqual([200, 404]);
    }
  });

  it('has nothing beside it, with a token or without', async () => {
    for (const path of ['/v1/models', '/v1/usage', '/openapi.json', '/health', '/', '/nowhere']) {
      expect(await status(server.healthUrl, path)).toBe(404);
    }
    expect(await status(server.url, '/nowhere')).toBe(404);
  });
});

describe('HEALTH_PORT', () => {
  it('is named where it is in use, and the rest of the start is undone', async () => {
    const first = await startServer(await settings({ HEALTH_PORT: '0' }));
    const taken = new URL(first.healthUrl).port;
    await expect(startServer(await settings({ HEALTH_PORT: taken }))).rejects.toThrow(
      `HEALTH_PORT: ${taken} is in use`,
    );
    await first.close();
    await expect(fetch(first.healthUrl)).rejects.toThrow();
  });

  it('is PORT where it is not set', async () => {
    const server = await startServer(await settings({}));
    expect(server.healthUrl).toBe(server.url);
    expect(await status(server.url, '/health/live')).toBe(200);
    await server.close();
  });
});
