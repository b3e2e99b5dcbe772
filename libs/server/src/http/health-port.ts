import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/**
 * Serves `/health/*` at a port of its own, at which there is nothing else: an ingress that is led to the API's port then
 * reaches no health, and a probe no API. To be made before the routes are served, and opened after.
 */
export class HealthPort {
  private readonly server: Server;

  constructor(fastify: FastifyInstance) {
    const arrived = new WeakSet<IncomingMessage>();
    this.server = createServer((request, response) => {
      arrived.add(request);
      fastify.routing(request, response);
    });
    fastify.addHook('onRequest', ({ url, raw }, _, done) =>
      done(
        url.startsWith('/health/') === arrived.has(raw) ? undefined : new NotFoundException('There is no such path.'),
      ),
    );
  }

  /** @returns where it answers @throws the system's own error for an address that cannot be had */
  async open(port: number, host: string): Promise<string> {
    await once(this.server.listen(port, host), 'listening');
    const { address, family, port: taken } = this.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
