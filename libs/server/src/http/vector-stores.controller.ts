import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { Hit, TenantId } from '@packhouse/core';
import { fuseRanks } from '@packhouse/fusion';
import { Roles, Tenant } from '@packhouse/nest';
import {
  createStore,
  deleteStore,
  getStore,
  listStores,
  storesToSearch,
  updateStore,
} from '../library/vector-stores.js';
import { Operation } from '../openapi/operation.js';
import { DEFAULT_PACK, packNamed } from '../parts/packs.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { asShares } from '../parts/shares.js';
import { AttemptOf, type Attempt } from './attempt.js';
import { deleted, listOf, SEARCH_RESULTS, VECTOR_STORE } from './answers.js';
import {
  NEW_VECTOR_STORE,
  SEARCH,
  VECTOR_STORE_CHANGES,
  VECTOR_STORE_PAGE,
  type NewVectorStore,
  type SearchRequest,
  type VectorStoreChanges,
  type VectorStorePage,
} from './bodies.js';
import { chunkingOf } from './chunking.js';
import { listObject, searchResults, vectorStoreObject } from './objects.js';
import { once } from './once.js';
import { rankingOf } from './ranking.js';
import { RequestSignal } from './request-signal.js';

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
    @RequestSignal() signal: AbortSignal,
  ) {
    const { name, description, language, file_ids: fileIds } = body;
    const chunking = chunkingOf(body.chunking_strategy);
    const [metadata, expiresAfterDays] = [body.metadata ?? undefined, body.expires_after?.days];
    const about = { name, description, metadata, language, expiresAfterDays };
    const request = { ...about, fileIds, ...(chunking && { chunking }) };
    const work = async (parts: Parts) => vectorStoreObject(await createStore(parts, tenant, request, signal));
    return once(this.parts, { tenant, attempt, sent: body, work, signal });
  }

  @Get()
  @Operation('List vector stores', listOf(VECTOR_STORE))
  async list(
    @Tenant() tenant: TenantId,
    @Query({ schema: VECTOR_STORE_PAGE }) page: VectorStorePage,
    @RequestSignal() signal: AbortSignal,
  ) {
    return listObject(await listStores(this.parts.db, tenant, page, signal), vectorStoreObject);
  }

  @Get(':id')
  @Operation('Tell of a vector store', VECTOR_STORE)
  async get(@Tenant() tenant: TenantId, @Param('id') id: string, @RequestSignal() signal: AbortSignal) {
    return vectorStoreObject(await getStore(this.parts.db, tenant, id, signal));
  }

  @Post(':id')
  @Operation('Change a vector store', VECTOR_STORE)
  @HttpCode(200)
  @Roles('writer')
  async update(
    @Tenant() tenant: TenantId,
    @Param('id') id: string,
    @Body({ schema: VECTOR_STORE_CHANGES }) { name, description, metadata, expires_after }: VectorStoreChanges,
    @RequestSignal() signal: AbortSignal,
  ) {
    const changes = {
      name,
      description,
      metadata: metadata === null ? {} : metadata,
      expiresAfterDays: expires_after === null ? null : expires_after?.days,
    };
    return vectorStoreObject(await updateStore(this.parts.db, tenant, id, changes, signal));
  }

  @Delete(':id')
  @Operation('Delete a vector store and all that is found in it', deleted('vector_store.deleted'))
  @Roles('writer')
  async delete(@Tenant() tenant: TenantId, @Param('id') id: string, @RequestSignal() signal: AbortSignal) {
    await deleteStore(this.parts, tenant, id, signal);
    return { id, object: 'vector_store.deleted', deleted: true };
  }

  @Post(':id/search')
  @Operation('Search a vector store', SEARCH_RESULTS)
  @HttpCode(200)
  async search(
    @Tenant() tenant: TenantId,
    @Param('id') id: string,
    @Body({ schema: SEARCH }) body: SearchRequest,
    @RequestSignal() signal: AbortSignal,
  ) {
    const { query, max_num_results: limit, filters: filter, ranking_options } = body;
    const { weights, restriction } = rankingOf(ranking_options);
    const { minScore = 0 } = restriction;
    const { where, embedder } = await storesToSearch(this.parts, tenant, [id], signal);
    const within = { limit, ...(filter && { filter }), ...where };
    const retriever = packNamed(this.parts.packs, DEFAULT_PACK)(tenant, { embedder, weights });
    const texts = [query].flat();
    const rankings = await Promise.all(texts.map((text) => retriever.retrieve({ text, ...within }, signal)));
    const hits = merged(rankings).filter(({ score }) => score >= minScore);
    return searchResults(texts, hits.slice(0, limit));
  }
}

/** One query's hits keep their scores; those of several are merged by rank. */
function merged(rankings: readonly Hit[][]): Hit[] {
  const [only = [], ...others] = rankings;
  const weights = rankings.map(() => 1);
  return others.length > 0 ? asShares(fuseRanks(rankings, { weights }), weights) : only;
}
