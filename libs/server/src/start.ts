import 'reflect-metadata';
import { Logger, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { failureOf, HealthModule, problemOf } from '@packhouse/nest';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import { drain, makeDrainable } from './drain.js';
import { validation } from './http/validation.js';
import { work } from './ingestion/work.js';
import { indicators } from './parts/indicators.js';
import { closeParts, openParts, type Parts } from './parts/parts.js';
import { SettingsError, type Settings } from './settings/settings.js';

/** JSON bodies; files have their own limit. */
const BODY_LIMIT = 4 * 1024 * 1024;

/** How long a request may take to arrive. */
const REQUEST_TIMEOUT_MS = 300_000;

/** A server that answers. */
export interface RunningServer {
  readonly url: string;
  readonly parts: Parts;
  /**
   * Stops taking requests and files, finishes or hands back what is in hand, and closes everything.
   *
   * @throws Error where that took longer than DRAIN_TIMEOUT_SECONDS
   */
  close(): Promise<void>;
}

/** Starts the API and, unless it is left to workers, the ingestion of files; resolves once requests are served. */
export function startServer(settings: Settings): Promise<RunningServer> {
  return start(settings, AppModule.over);
}

/** Starts the ingestion of files alone, and `/health/*` to watch it by. */
export function startWorker(settings: Settings): Promise<RunningServer> {
  return start(settings, (parts) => HealthModule.forRoot(indicators(parts)));
}

async function start(settings: Settings, module: (parts: Parts) => DynamicModule): Promise<RunningServer> {
  const log = new Logger('Packhouse');
  const parts = await openParts(settings, { onError: (error) => log.error(error) });
  const app = await createApp(parts, module(parts)).catch((error: unknown) => closeAfter(error, parts));
  try {
    await app.listen(settings.PORT, settings.HOST).catch((error: unknown) => blameAddress(settings, error));
    if (settings.INGESTION_CONCURRENCY !== 0) await work(parts);
  } catch (error) {
    await app.close().finally(() => closeParts(parts));
    throw error;
  }
  let closed: Promise<void> | undefined;
  return { url: await app.getUrl(), parts, close: () => (closed ??= drain(app, parts)) };
}

async function closeAfter(error: unknown, parts: Parts): Promise<never> {
  await closeParts(parts);
  throw error;
}

function blameAddress({ HOST, PORT }: Settings, error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  throw code === 'EADDRINUSE'
    ? new SettingsError([`PORT: ${PORT} is in use on ${HOST}`])
    : new SettingsError([`HOST: ${message}`]);
}

/** What Fastify refuses before any route, a path like `/%` for one, never reaches Nest's filter. */
function frameworkErrors(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(failureOf(error), request.url);
  void reply.code(problem.status).type('application/problem+json').send(problem);
}

async function createApp({ settings }: Parts, module: DynamicModule): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    frameworkErrors,
    trustProxy: settings.TRUSTED_PROXIES ?? false,
    // What still comes by an open connection while the server closes is answered, and the connection closed.
    return503OnClosing: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: ['fatal', 'error', 'warn'],
    abortOnError: false,
  });
  makeDrainable(app);
  return app.useGlobalPipes(validation());
}
