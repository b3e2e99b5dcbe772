import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import type { Parts } from '../parts/parts.js';

/** Fastify's own route table, from the same module over the same parts: `GET /v1/files/:id`. */
export async function liveRoutes(parts: Parts): Promise<string[]> {
  const found = new Set<string>();
  const adapter = new FastifyAdapter();
  adapter.getInstance().addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) if (!['HEAD', 'OPTIONS'].includes(each)) found.add(`${each} ${url}`);
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.over(parts), adapter, { logger: false });
  await app.init();
  await app.close();
  return [...found];
}
