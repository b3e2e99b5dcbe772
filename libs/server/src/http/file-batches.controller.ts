import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { TenantId } from '@packhouse/core';
import { Roles, Tenant } from '@packhouse/nest';
import type { FastifyReply } from 'fastify';
import { cancelBatch, createBatch, getBatch, listBatch, type FileBatch } from '../library/file-batches.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { ATTACHMENT_PAGE, NEW_FILE_BATCH, type Attachment, type AttachmentPage, type NewFileBatch } from './bodies.js';
import { chunkingOf } from './chunking.js';
import { fileBatchObject, listObject, vectorStoreFileObject } from './objects.js';
import { pollSoon } from './poll-soon.js';
import { RequestSignal } from './request-signal.js';

@Controller('v1/vector_stores/:store/file_batches')
export class FileBatchesController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Post()
  @HttpCode(200)
  @Roles('writer')
  async create(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Body({ schema: NEW_FILE_BATCH }) body: NewFileBatch,
    @RequestSignal() signal: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.shown(await createBatch(this.parts, tenant, vectorStoreId, attachments(body), signal), reply);
  }

  @Get(':batch')
  async get(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Param('batch') batchId: string,
    @RequestSignal() signal: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.shown(await getBatch(this.parts.db, tenant, vectorStoreId, batchId, signal), reply);
  }

  @Post(':batch/cancel')
  @HttpCode(200)
  @Roles('writer')
  async cancel(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Param('batch') batchId: string,
    @RequestSignal() signal: AbortSignal,
  ) {
    return fileBatchObject(await cancelBatch(this.parts.db, tenant, vectorStoreId, batchId, signal));
  }

  @Get(':batch/files')
  async list(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Param('batch') batchId: string,
    @Query({ schema: ATTACHMENT_PAGE }) { filter: status, ...page }: AttachmentPage,
    @RequestSignal() signal: AbortSignal,
  ) {
    const rows = await listBatch(this.parts.db, tenant, vectorStoreId, batchId, { ...page, status }, signal);
    return listObject(rows, vectorStoreFileObject);
  }

  private shown(batch: FileBatch, reply: FastifyReply) {
    const object = fileBatchObject(batch);
    if (object.status === 'in_progress') pollSoon(reply);
    return object;
  }
}

/** `file_ids` share the batch's attributes and chunking; each of `files` brings its own, or takes the batch's. */
function attachments({ file_ids = [], files = [], ...shared }: NewFileBatch) {
  const requests: Attachment[] = [...file_ids.map((file_id) => ({ file_id })), ...files];
  return requests.map(({ file_id: fileId, attributes, chunking_strategy }) => ({
    fileId,
    attributes: attributes ?? shared.attributes ?? undefined,
    chunking: chunkingOf(chunking_strategy ?? shared.chunking_strategy),
  }));
}
