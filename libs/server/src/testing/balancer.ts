import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a load balancer is to its backends: it asks each whether it is ready, and repeats nothing that fails. */
export interface Balancer {
  readonly url: string;
  /** Resolves once the backend is ready; it is given requests from then on, while it is. */
  add(url: string): Promise<void>;
  remove(url: string): void;
  /** How many requests each backend has been given. */
  readonly given: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const CHECK_MS = 100;
/** So many checks that fail in a row take a backend out. */
const FALL = 3;
/** How long a request waits for a backend to be ready. */
const HOLD_MS = 30_000;
const HOP_BY_HOP = ['connection', 'keep-alive'];

export async function balancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  /** How many more checks each backend may fail. */
  const credit = new Map<string, number>();
  const given = new Map<string, number>();
  let over = false;

  const watch = async (url: string) => {
    while (credit.has(url) && !over) {
      const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
      await answer?.body?.cancel();
      if (credit.has(url)) credit.set(url, answer?.status === 200 ? FALL : (credit.get(url) ?? 0) - 1);
      await sleep(CHECK_MS);
    }
  };
  const isReady = (url: string) => (credit.get(url) ?? 0) > 0;

  const leastGiven = () => {
    const urls = [...credit.keys()].filter(isReady);
    return urls.sort((a, b) => (given.get(a) ?? 0) - (given.get(b) ?? 0))[0];
  };
  /** A machine that is busy otherwise answers checks late: a request waits for a backend then, as it does before a start. */
  const choose = async () => {
    const deadline = performance.now() + HOLD_MS;
    for (;;) {
      const backend = leastGiven();
      if (backend) return backend;
      if (performance.now() > deadline) throw new Error('No backend is ready.');
      await sleep(CHECK_MS);
    }
  };
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const backend = await choose();
    given.set(backend, (given.get(backend) ?? 0) + 1);
    await forward(backend, agent, incoming, outgoing);
  };
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => breakOff(outgoing, error));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async add(url) {
      credit.set(url, 0);
      void watch(url);
      while (!isReady(url)) await sleep(CHECK_MS);
    },
    remove: (url) => void credit.delete(url),
    given,
    async close() {
      over = true;
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

function breakOff(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(502).end(String(error));
}
