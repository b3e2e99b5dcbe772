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
import { DEFAULT_PACK, packNamed } from '../parts/packs.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { asShares } from '../parts/shares.js';
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
import { rankingOf } from './ranking.js';
import { RequestSignal } from './request-signal.js';

@Controller('v1/vector_stores')
export class VectorStoresController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Post()
  @HttpCode(200)
  @Roles('writer')
  async create(
    @Tenant() tenant: TenantId,
    @Body({ schema: NEW_VECTOR_STORE }) body: NewVectorStore,
    @RequestSignal() signal: AbortSignal,
  ) {
    const { name, metadata, language, expires_after, file_ids: fileIds, chunking_strategy } = body;
    const chunking = chunkingOf(chunking_strategy);
    const about = { name, metadata: metadata ?? undefined, language, expiresAfterDays: expires_after?.days };
    const request = { ...about, fileIds, ...(chunking && { chunking }) };
    return vectorStoreObject(await createStore(this.parts, tenant, request, signal));
  }

  @Get()
  async list(
    @Tenant() tenant: TenantId,
    @Query({ schema: VECTOR_STORE_PAGE }) page: VectorStorePage,
    @RequestSignal() signal: AbortSignal,
  ) {
    return listObject(await listStores(this.parts.db, tenant, page, signal), vectorStoreObject);
  }

  @Get(':id')
  async get(@Tenant() tenant: TenantId, @Param('id') id: string, @RequestSignal() signal: AbortSignal) {
    return vectorStoreObject(await getStore(this.parts.db, tenant, id, signal));
  }

  @Post(':id')
  @HttpCode(200)
  @Roles('writer')
  async update(
    @Tenant() tenant: TenantId,
    @Param('id') id: string,
    @Body({ schema: VECTOR_STORE_CHANGES }) { name, metadata, expires_after }: VectorStoreChanges,
    @RequestSignal() signal: AbortSignal,
  ) {
    const changes = {
      name,
      metadata: metadata === null ? {} : metadata,
      expiresAfterDays: expires_after === null ? null : expires_after?.days,
    };
    return vectorStoreObject(await updateStore(this.parts.db, tenant, id, changes, signal));
  }

  @Delete(':id')
  @Roles('writer')
  async delete(@Tenant() tenant: TenantId, @Param('id') id: string, @RequestSignal() signal: AbortSignal) {
    await deleteStore(this.parts.db, tenant, id, signal);
    return { id, object: 'vector_store.deleted', deleted: true };
  }

  @Post(':id/search')
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
    const within = { limit, ...(filter && { filter }), ...(await storesToSearch(this.parts, tenant, [id], signal)) };
    const retriever = packNamed(this.parts.packs, DEFAULT_PACK)(tenant, weights);
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
