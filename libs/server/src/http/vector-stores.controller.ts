import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { Hit, TenantId } from '@packhouse/core';
import { fuseRanks } from '@packhouse/fusion';
import { Roles, Tenant } from '@packhouse/nest';
import type { FastifyReply } from 'fastify';
import { createStore, getStore, listStores, useStores } from '../library/vector-stores.js';
import { Operation } from '../openapi/operation.js';
import { DEFAULT_PACK, packNamed } from '../parts/packs.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { AttemptOf, type Attempt } from './attempt.js';
import { listOf, SEARCH_RESULTS, VECTOR_STORE } from './answers.js';
import { NEW_VECTOR_STORE, PAGE, SEARCH, type NewVectorStore, type PageQuery, type SearchRequest } from './bodies.js';
import { chunkingOf } from './chunking.js';
import { goneSignal } from './gone-signal.js';
import { listObject, searchResults, vectorStoreObject } from './objects.js';
import { once } from './once.js';

@Controller('v1/vector_stores')
export class VectorStoresController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Post()
  @Operation('Create a vector store', VECTOR_STORE)
  @HttpCode(200)
  @Roles('writer')
  async create(
    @Tenant() tenant: TenantId,
    @Body({ schema: NEW_VECTOR_STORE }) body: NewVectorStore,
    @AttemptOf() attempt: Attempt | undefined,
  ) {
    const { name, metadata, language, file_ids: fileIds, chunking_strategy } = body;
    const chunking = chunkingOf(chunking_strategy);
    const request = { name, metadata: metadata ?? undefined, language, fileIds, ...(chunking && { chunking }) };
    const work = async (parts: Parts) => vectorStoreObject(await createStore(parts, tenant, request));
    return once(this.parts, { tenant, attempt, sent: body, work });
  }

  @Get()
  @Operation('List vector stores', listOf(VECTOR_STORE))
  async list(@Tenant() tenant: TenantId, @Query({ schema: PAGE }) page: PageQuery) {
    return listObject(await listStores(this.parts.db, tenant, page), vectorStoreObject);
  }

  @Get(':id')
  @Operation('Tell of a vector store', VECTOR_STORE)
  async get(@Tenant() tenant: TenantId, @Param('id') id: string) {
    return vectorStoreObject(await getStore(this.parts.db, tenant, id));
  }

  @Post(':id/search')
  @Operation('Search a vector store', SEARCH_RESULTS)
  @HttpCode(200)
  async search(
    @Tenant() tenant: TenantId,
    @Param('id') id: string,
    @Body({ schema: SEARCH }) { query, max_num_results: limit }: SearchRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const signal = goneSignal(reply);
    await useStores(this.parts.db, tenant, [id]);
    const retriever = packNamed(this.parts.packs, DEFAULT_PACK)(tenant);
    const texts = [query].flat();
    const rankings = await Promise.all(
      texts.map((text) => retriever.retrieve({ text, limit, collections: [id] }, signal)),
    );
    return searchResults(texts, merged(rankings).slice(0, limit));
  }
}

/** One query's hits keep their scores; those of several are merged by rank. */
function merged(rankings: readonly Hit[][]): Hit[] {
  const [only = []] = rankings;
  return rankings.length > 1 ? fuseRanks(rankings) : only;
}
