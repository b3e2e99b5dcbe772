import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Readiness } from '@packhouse/nest';
import { AppModule } from './app.module.js';
import { buildAndSwitch } from './generations/build-and-switch.js';
import { watchDoor } from './http/door.js';
import { clientErrorHandler, frameworkErrors } from './http/raw-problems.js';
import { securityHeaders } from './http/security-headers.js';
import { validation } from './http/validation.js';
import { ingestFile } from './ingestion/ingest-file.js';
import { closeParts, openParts, type Parts } from './parts/parts.js';
import { SettingsError, type Settings } from './settings/settings.js';

/** JSON bodies; files have their own limit. */
const BODY_LIMIT = 4 * 1024 * 1024;

/** How long a request may take to arrive. */
const REQUEST_TIMEOUT_MS = 300_000;

/** How long answers in hand have at the end. */
const DRAIN_MS = 10_000;

/** A server that answers. */
export interface RunningServer {
  readonly url: string;
  readonly parts: Parts;
  /** Stops taking requests and files, finishes or hands back what is in hand, and closes everything. */
  close(): Promise<void>;
}

/** Starts the API and the ingestion of files in this process; resolves once requests are served. */
export async function startServer(settings: Settings): Promise<RunningServer> {
  const log = new Logger('Packhouse');
  const parts = await openParts(settings, { onError: (error) => log.error(error) });
  const app = await createApp(parts);
  try {
    await app.listen(settings.PORT, settings.HOST).catch((error: unknown) => blameAddress(settings, error));
    await parts.queue.work(ingestFile(parts));
    await parts.builds.work(buildAndSwitch(parts));
  } catch (error) {
    await app.close().finally(() => closeParts(parts));
    throw error;
  }
  const close = async () => {
    app.get(Readiness).drain();
    // What is still open then has sent half a request, or none: it must not keep the process from ending.
    const rest = setTimeout(() => app.getHttpServer().closeAllConnections(), DRAIN_MS);
    await app.close().finally(() => closeParts(parts));
    clearTimeout(rest);
  };
  return { url: await app.getUrl(), parts, close };
}

function blameAddress({ HOST, PORT }: Settings, error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  throw code === 'EADDRINUSE'
    ? new SettingsError([`PORT: ${PORT} is in use on ${HOST}`])
    : new SettingsError([`HOST: ${message}`]);
}

async function createApp(parts: Parts): Promise<NestFastifyApplication> {
  try {
    const adapter = new FastifyAdapter({
      bodyLimit: BODY_LIMIT,
      requestTimeout: REQUEST_TIMEOUT_MS,
      frameworkErrors,
      clientErrorHandler,
    });
    watchDoor(adapter.getInstance(), parts.settings.MAX_REQUESTS);
    const app = await NestFactory.create<NestFastifyApplication>(AppModule.over(parts), adapter, {
      logger: ['fatal', 'error', 'warn'],
      abortOnError: false,
    });
    return app.useSecurityHeaders(securityHeaders(parts.settings)).useGlobalPipes(validation());
  } catch (error) {
    await closeParts(parts);
    throw error;
  }
}
