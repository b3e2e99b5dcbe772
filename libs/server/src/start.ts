import 'reflect-metadata';
import { Logger, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthModule } from '@packhouse/nest';
import { AppModule } from './app.module.js';
import { drain, makeDrainable } from './drain.js';
import { watchDoor } from './http/door.js';
import { HealthPort } from './http/health-port.js';
import { clientErrorHandler, frameworkErrors } from './http/raw-problems.js';
import { securityHeaders } from './http/security-headers.js';
import { validation } from './http/validation.js';
import { work } from './ingestion/work.js';
import { indicators } from './parts/indicators.js';
import { closeParts, openParts, type Parts } from './parts/parts.js';
import { SettingsError, type Settings } from './settings/settings.js';

/** JSON bodies; files have their own limit. */
const BODY_LIMIT = 4 * 1024 * 1024;

/** How long a request may take to arrive. */
const REQUEST_TIMEOUT_MS = 300_000;

/**
 * Bodies are validated by schemas of their own, and no route has one for Fastify: its compilers, a ninth of all modules that
 * a start would load, stay where they are.
 */
const NO_COMPILERS = { buildValidator: noCompiler, buildSerializer: noCompiler };

/** A server that answers. */
export interface RunningServer {
  readonly url: string;
  /** Where `/health/*` is answered. */
  readonly healthUrl: string;
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
  const { PORT, HEALTH_PORT, HOST, INGESTION_CONCURRENCY } = settings;
  const apart = HEALTH_PORT === undefined ? undefined : new HealthPort(app.getHttpAdapter().getInstance());
  let healthUrl: string | undefined;
  try {
    await app.listen(PORT, HOST).catch((error: unknown) => blameAddress('PORT', settings, error));
    healthUrl = await apart
      ?.open(HEALTH_PORT as number, HOST)
      .catch((error: unknown) => blameAddress('HEALTH_PORT', settings, error));
    if (INGESTION_CONCURRENCY !== 0) await work(parts);
  } catch (error) {
    apart?.close();
    await app.close().finally(() => closeParts(parts));
    throw error;
  }
  const url = await app.getUrl();
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= drain(app, parts).finally(() => apart?.close()));
  return { url, healthUrl: healthUrl ?? url, parts, close };
}

async function closeAfter(error: unknown, parts: Parts): Promise<never> {
  await closeParts(parts);
  throw error;
}

function blameAddress(port: 'PORT' | 'HEALTH_PORT', settings: Settings, error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  throw code === 'EADDRINUSE'
    ? new SettingsError([`${port}: ${settings[port]} is in use on ${settings.HOST}`])
    : new SettingsError([`HOST: ${message}`]);
}

async function createApp({ settings }: Parts, module: DynamicModule): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    frameworkErrors,
    clientErrorHandler,
    schemaController: { compilersFactory: NO_COMPILERS },
    trustProxy: settings.TRUSTED_PROXIES ?? false,
    // What still comes by an open connection while the server closes is answered, and the connection closed.
    return503OnClosing: false,
  });
  watchDoor(adapter.getInstance(), settings);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: ['fatal', 'error', 'warn'],
    abortOnError: false,
  });
  makeDrainable(app);
  return app.useSecurityHeaders(securityHeaders(settings)).useGlobalPipes(validation());
}

function noCompiler(): never {
  throw new Error("Fastify's schemas are not in use: a body's schema is an option of `@Body`.");
}
