import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { consumerOf, type Consumer } from './consumer.js';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

describe("the program of the Nest library's README, with its packages as npm would serve them", () => {
  let consumer: Consumer;
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    consumer = consumerOf('libs/nest/README.md');
    consumer.compile('--experimentalDecorators', '--skipLibCheck');
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    server = spawn(process.execPath, ['program.mjs'], {
      cwd: consumer.folder,
      env: { ...process.env, PORT: String(port) },
      stdio: 'ignore',
    });
  }, 240_000);
  afterAll(() => {
    server?.kill();
    consumer.remove();
  });

  /** Asks until the program listens, for as long as it runs. */
  const ask = async (headers: Record<string, string>): Promise<Response> => {
    while (server.exitCode === null && server.signalCode === null) {
      const response = await fetch(`${url}/search?q=refund`, { headers }).catch(() => sleep(200));
      if (response) return response;
    }
    throw new Error(`The program ended with ${server.exitCode ?? server.signalCode}.`);
  };

  it('asks the pack for the team that its own guard lets in, and nobody else', async () => {
    const response = await ask({ 'x-team': 'acme' });
    expect(await response.json()).toEqual({ pack: 'search(acme)', hits: [] });
    expect((await ask({})).status).toBe(403);
    const refused = await ask({ 'x-team': 'no team' });
    expect(await refused.json()).toMatchObject({ status: 400, code: 'invalid_tenant' });
  });
});
