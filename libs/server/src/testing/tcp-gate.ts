import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be shut: what is connected is reset, and nothing gets through until it is opened again. */
export interface TcpGate {
  /** The URL, by way of the gate. */
  readonly url: string;
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

export async function tcpGate(url: string): Promise<TcpGate> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let isShut = false;

  const server = createServer((near) => {
    if (isShut) return void near.resetAndDestroy();
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => (sockets.delete(one), other.destroy()));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const reset = () => sockets.forEach((socket) => socket.resetAndDestroy());
  const here = Object.assign(new URL(url), { host: `127.0.0.1:${(server.address() as AddressInfo).port}` }).href;
  return {
    url: here,
    shut() {
      isShut = true;
      reset();
    },
    open: () => void (isShut = false),
    async close() {
      server.close();
      reset();
      await once(server, 'close');
    },
  };
}
