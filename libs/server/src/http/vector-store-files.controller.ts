import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { TenantId } from '@packhouse/core';
import { Roles, Tenant } from '@packhouse/nest';
import type { VectorStoreFileRow } from '@packhouse/postgres';
import type { FastifyReply } from 'fastify';
import {
  attachFile,
  attachmentText,
  detachFile,
  getAttachment,
  listAttachments,
  updateAttributes,
} from '../library/attachments.js';
import { PARTS, type Parts } from '../parts/parts.js';
import {
  ATTACHMENT,
  ATTACHMENT_CHANGES,
  ATTACHMENT_PAGE,
  type Attachment,
  type AttachmentChanges,
  type AttachmentPage,
} from './bodies.js';
import { chunkingOf } from './chunking.js';
import { listObject, vectorStoreFileObject } from './objects.js';
import { pollSoon } from './poll-soon.js';
import { RequestSignal } from './request-signal.js';

@Controller('v1/vector_stores/:store/files')
export class VectorStoreFilesController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Post()
  @HttpCode(200)
  @Roles('writer')
  async create(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Body({ schema: ATTACHMENT }) { file_id: fileId, attributes, chunking_strategy }: Attachment,
    @RequestSignal() signal: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const chunking = chunkingOf(chunking_strategy);
    const request = { vectorStoreId, fileId, attributes: attributes ?? undefined, chunking };
    return this.shown(await attachFile(this.parts, tenant, request, signal), reply);
  }

  @Get()
  async list(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Query({ schema: ATTACHMENT_PAGE }) { filter: status, ...page }: AttachmentPage,
    @RequestSignal() signal: AbortSignal,
  ) {
    const rows = await listAttachments(this.parts.db, tenant, vectorStoreId, { ...page, status }, signal);
    return listObject(rows, vectorStoreFileObject);
  }

  @Get(':file')
  async get(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Param('file') fileId: string,
    @RequestSignal() signal: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.shown(await getAttachment(this.parts.db, tenant, vectorStoreId, fileId, signal), reply);
  }

  @Post(':file')
  @HttpCode(200)
  @Roles('writer')
  async update(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Param('file') fileId: string,
    @Body({ schema: ATTACHMENT_CHANGES }) { attributes }: AttachmentChanges,
    @RequestSignal() signal: AbortSignal,
  ) {
    const row = await updateAttributes(this.parts.db, tenant, vectorStoreId, fileId, attributes ?? {}, signal);
    return vectorStoreFileObject(row);
  }

  @Get(':file/content')
  async content(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Param('file') fileId: string,
    @RequestSignal() signal: AbortSignal,
  ) {
    const text = await attachmentText(this.parts.db, tenant, vectorStoreId, fileId, signal);
    const data = [{ type: 'text', text }];
    return { object: 'vector_store.file_content.page', data, has_more: false, next_page: null };
  }

  @Delete(':file')
  @Roles('writer')
  async delete(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Param('file') fileId: string,
    @RequestSignal() signal: AbortSignal,
  ) {
    await detachFile(this.parts.db, tenant, vectorStoreId, fileId, signal);
    return { id: fileId, object: 'vector_store.file.deleted', deleted: true };
  }

  private shown(row: VectorStoreFileRow, reply: FastifyReply) {
    if (row.status === 'in_progress') pollSoon(reply);
    return vectorStoreFileObject(row);
  }
}
