import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { start } from './testing/packhouse.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that behaves so, for as long as the work takes. */
async function against<T>(handler: Handler, work: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await work({ PACKHOUSE_URL: `http://127.0.0.1:${port}`, PACKHOUSE_TOKEN: 'a.b.c' });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const chunk = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;

describe('a server that', () => {
  it('cuts an answer short is told of: what came is printed, and the end is 1', async () => {
    const cut: Handler = (_, response) => void response.end(chunk('The lamp'));
    const { code, stdout, stderr } = await against(cut, (env) => start(['ask', 'x'], env).ended);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'The lamp' });
    expect(stderr).toContain('cut off');
  });

  it('fails in the midst of an answer is quoted', async () => {
    const fail: Handler = (_, response) =>
      void response.end(`${chunk('The lamp')}data: {"error":{"message":"The model is gone."}}\n\n`);
    const { code, stderr } = await against(fail, (env) => start(['ask', 'x'], env).ended);
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'packhouse: The model is gone.\n' });
  });

  it('says later is asked again then', async () => {
    let asked = 0;
    const later: Handler = (_, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(429, { 'retry-after': '0' }).end('{}');
      else response.end('{"data":[],"has_more":false}');
    };
    const { code, stdout } = await against(later, (env) => start(['stores', '--json'], env).ended);
    expect({ asked, code, stdout }).toEqual({ asked: 2, code: 0, stdout: '[]\n' });
  });

  it('says tomorrow is not waited for', async () => {
    const headers = { 'retry-after': '40000', 'x-should-retry': 'false' };
    const spent: Handler = (_, response) => void response.writeHead(429, headers).end('{"detail":"Tomorrow."}');
    const { code, stderr } = await against(spent, (env) => start(['ask', 'x'], env).ended);
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'packhouse: Tomorrow.\n' });
  });

  it('is none of ours is quoted with its status', async () => {
    const other: Handler = (_, response) => void response.writeHead(502).end('<h1>Bad gateway</h1>');
    const { code, stderr } = await against(other, (env) => start(['stores'], env).ended);
    expect(code).toBe(1);
    expect(stderr).toContain('answered 502 Bad Gateway: <h1>Bad gateway</h1>');
  });

  it('still thinks is left by Ctrl-C at once, down to the socket', async () => {
    let left = () => undefined as void;
    const gone = new Promise<void>((done) => (left = done));
    const { code, stdout, stderr } = await against(
      (request, response) => {
        response.write(chunk('Let me see'));
        request.socket.once('close', () => left());
      },
      async (env) => {
        const { child, ended } = start(['ask', 'x'], env);
        await once(child.stdout!, 'data');
        child.kill('SIGINT');
        await gone;
        return ended;
      },
    );
    expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: 'Let me see', stderr: 'packhouse: stopped.\n' });
  });

  it('sends what moves the cursor is read without that', async () => {
    const found = {
      data: [
        { filename: 'a\u001b[2J.txt', page: 1, score: 1, content: [{ text: '\u001b]0;title\u0007red\u001b[31m' }] },
      ],
    };
    const store = { id: 'vs_1', name: 'default' };
    const hostile: Handler = (request, response) =>
      void response.end(JSON.stringify(request.method === 'POST' ? found : { data: [store], has_more: false }));
    const { stdout } = await against(hostile, (env) => start(['search', 'x'], env).ended);
    expect(stdout).toBe('1. a.txt, page 1  1.000\n   red\n');
  });
});
