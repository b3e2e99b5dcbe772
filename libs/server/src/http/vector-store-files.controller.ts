import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { TenantId } from '@packhouse/core';
import { Roles, Tenant } from '@packhouse/nest';
import type { FastifyReply } from 'fastify';
import {
  attachFile,
  attachmentText,
  detachFile,
  getAttachment,
  listAttachments,
  updateAttributes,
} from '../library/attachments.js';
import { Operation } from '../openapi/operation.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { AttemptOf, type Attempt } from './attempt.js';
import { deleted, FILE_TEXT, listOf, VECTOR_STORE_FILE } from './answers.js';
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
import { once } from './once.js';
import { pollSoon } from './poll-soon.js';
import { RequestSignal } from './request-signal.js';

@Controller('v1/vector_stores/:store/files')
export class VectorStoreFilesController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Post()
  @Operation('Attach a file to a vector store', VECTOR_STORE_FILE)
  @HttpCode(200)
  @Roles('writer')
  async create(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Body({ schema: ATTACHMENT }) body: Attachment,
    @AttemptOf() attempt: Attempt | undefined,
    @RequestSignal() signal: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { file_id: fileId, attributes, chunking_strategy } = body;
    const chunking = chunkingOf(chunking_strategy);
    const request = { vectorStoreId, fileId, attributes: attributes ?? undefined, chunking };
    const work = async (parts: Parts) => vectorStoreFileObject(await attachFile(parts, tenant, request, signal));
    return this.shown(await once(this.parts, { tenant, attempt, sent: body, work, signal }), reply);
  }

  @Get()
  @Operation('List a vector store’s files', listOf(VECTOR_STORE_FILE))
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
  @Operation('Tell of a file in a vector store', VECTOR_STORE_FILE)
  async get(
    @Tenant() tenant: TenantId,
    @Param('store') vectorStoreId: string,
    @Param('file') fileId: string,
    @RequestSignal() signal: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const row = await getAttachment(this.parts.db, tenant, vectorStoreId, fileId, signal);
    return this.shown(vectorStoreFileObject(row), reply);
  }

  @Post(':file')
  @Operation('Change the attributes of a file in a vector store', VECTOR_STORE_FILE)
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
  @Operation('Give the text that was read from a file', FILE_TEXT)
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
  @Operation('Take a file out of a vector store', deleted('vector_store.file.deleted'))
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

  private shown<File extends { readonly status: string }>(file: File, reply: FastifyReply): File {
    if (file.status === 'in_progress') pollSoon(reply);
    return file;
  }
}
