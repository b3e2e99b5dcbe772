// A search as NestJS and LlamaIndex.TS have it in their documentation: Express, and one PGVectorStore with a filter.
import 'reflect-metadata';
import { Body, Controller, Headers, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { hashed } from '@packhouse/embedding/hashed';
import { openLlamaIndex } from '../systems/llamaindex.js';
import { tenantOf } from './tenant-token.js';

interface Search {
  readonly query: string;
  readonly limit: number;
}

const store = await openLlamaIndex(process.env['DATABASE_URL']!);
const embedder = hashed();

class SearchController {
  async search(authorization: string, { query, limit }: Search) {
    const [vector] = await embedder.embed([query], 'query');
    const nodes = await store.nearest(tenantOf(authorization), vector!, limit);
    return { data: nodes.map(({ metadata, text }) => ({ chunk_id: metadata.id, body: text })) };
  }
}
// By hand, as what runs this knows no decorators on parameters.
const { prototype } = SearchController;
Headers('authorization')(prototype, 'search', 0);
Body()(prototype, 'search', 1);
Post('search')(prototype, 'search', Object.getOwnPropertyDescriptor(prototype, 'search')!);
Controller()(SearchController);

class AppModule {}
Module({ controllers: [SearchController] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, '127.0.0.1');
process.once('SIGTERM', () => process.exit());
process.stdout.write(`ready at ${await app.getUrl()}\n`);
