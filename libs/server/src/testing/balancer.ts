import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** What a load balancer is to its backends: it asks each whether it is ready, and repeats nothing that fails. */
export interface Balancer {
  readonly url: string;
  /** From its first ready answer on, the backend is given requests while it is ready. */
  add(url: string): void;
  remove(url: string): void;
  /** How many requests each backend has been given. */
  readonly given: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const CHECK_MS = 100;
const HOP_BY_HOP = ['connection', 'keep-alive'];

export async function balancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const ready = new Map<string, boolean>();
  const given = new Map<string, number>();

  const check = async (url: string) => {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (ready.has(url)) ready.set(url, answer?.status === 200);
    await answer?.body?.cancel();
  };
  const checks = setInterval(() => ready.forEach((_, url) => void check(url)), CHECK_MS);

  const leastGiven = () => {
    const urls = [...ready.keys()].filter((url) => ready.get(url));
    return urls.sort((a, b) => (given.get(a) ?? 0) - (given.get(b) ?? 0))[0];
  };
  const server = createServer((incoming, outgoing) => {
    const backend = leastGiven();
    if (!backend) return void outgoing.writeHead(503, 'No backend').end();
    given.set(backend, (given.get(backend) ?? 0) + 1);
    forward(backend, agent, incoming, outgoing).catch(() => breakOff(outgoing));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (url) => void ready.set(url, false),
    remove: (url) => void ready.delete(url),
    given,
    async close() {
      clearInterval(checks);
      server.close().closeAllConnections();
      agent.destroy();
      await once(server, 'close');
    },
  };
}

async function forward(backend: string, agent: Agent, incoming: IncomingMessage, outgoing: ServerResponse) {
  const { method, headers, url } = incoming;
  const forwarded = request(`${backend}${url}`, { agent, headers, ...(method && { method }) });
  const answered = once(forwarded, 'response') as Promise<[IncomingMessage]>;
  const [[answer]] = await Promise.all([answered, pipeline(incoming, forwarded)]);
  const kept = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.includes(name));
  outgoing.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
  await pipeline(answer, outgoing);
}

function breakOff(outgoing: ServerResponse): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(502, 'Backend failed').end();
}
