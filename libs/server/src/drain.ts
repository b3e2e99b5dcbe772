import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PackhouseError } from '@packhouse/core';
import { Readiness } from '@packhouse/nest';
import { closeParts, stopWork, type Parts } from './parts/parts.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Fires when requests in hand are to end, because the process does. */
    readonly breakOff: AbortController;
  }
}

/** How often connections are closed that have become idle since the server stopped listening. */
const IDLE_MS = 100;

/** Parts of DRAIN_TIMEOUT_SECONDS after which what is in hand is told to end, and after which it is cut off. */
const PATIENCE = { breakOff: 0.8, cutOff: 0.9 };

/** Readies an app for {@link drain}, before it listens. */
export function makeDrainable(app: NestFastifyApplication): void {
  const readiness = app.get(Readiness);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.decorate('breakOff', new AbortController());
  // Connections that are kept alive move to another process with the next request, before this one closes them.
  fastify.addHook('onRequest', async (_request, reply) => {
    if (readiness.draining) reply.header('connection', 'close');
  });
}

/**
 * Takes a process out of service: it says that it is not ready and takes no more jobs; serves on until balancers have
 * heard of it and its jobs are done or handed back; then stops listening, and lets what is in hand finish, or has it say
 * that it does not.
 *
 * @throws Error where that took longer than DRAIN_TIMEOUT_SECONDS
 */
export async function drain(app: NestFastifyApplication, parts: Parts): Promise<void> {
  const { DRAIN_DELAY_SECONDS, DRAIN_TIMEOUT_SECONDS } = parts.settings;
  const afterPart = (part: number, action: () => void) => setTimeout(action, DRAIN_TIMEOUT_SECONDS * 1000 * part);
  const late = Promise.withResolvers<never>();
  const timers = [
    afterPart(PATIENCE.breakOff, () => app.getHttpAdapter().getInstance().breakOff.abort(shuttingDown())),
    afterPart(PATIENCE.cutOff, () => app.getHttpServer().closeAllConnections()),
    afterPart(1, () => late.reject(new Error(`did not stop within ${DRAIN_TIMEOUT_SECONDS} s`))),
  ];
  const ended = async () => {
    app.get(Readiness).drain();
    await Promise.all([sleep(DRAIN_DELAY_SECONDS * 1000), stopWork(parts)]);
    timers.push(setInterval(() => app.getHttpServer().closeIdleConnections(), IDLE_MS));
    await app.close().finally(() => closeParts(parts));
  };
  await Promise.race([ended(), late.promise]).finally(() => timers.forEach(clearTimeout));
}

const shuttingDown = () =>
  new PackhouseError('unavailable', 'The server is shutting down and cannot finish this answer. Ask again.', {
    retryable: true,
  });
