import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Res,
  StreamableFile,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor, type UploadedMultipartFile } from '@nestjs/platform-fastify/multipart';
import { PackhouseError, type TenantId } from '@packhouse/core';
import { Roles, Tenant } from '@packhouse/nest';
import { asTenant, files, postgresBlobs } from '@packhouse/postgres';
import type { FastifyReply } from 'fastify';
import { settledAttachment } from '../library/attachments.js';
import { deleteFile, getFile, upload } from '../library/files.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { FILE_PAGE, UPLOAD_FIELDS, type FilePage, type UploadFields } from './bodies.js';
import { chunkingOf } from './chunking.js';
import { goneSignal } from './gone-signal.js';
import { fileObject, listObject } from './objects.js';
import { preferredWait } from './prefer-wait.js';
import { RequestSignal } from './request-signal.js';

/** As file systems have it. */
const MAX_NAME = 255;

@Controller('v1/files')
export class FilesController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Post()
  @HttpCode(200)
  @Roles('writer')
  @UseInterceptors(FileInterceptor('file'))
  async create(
    @Tenant() tenant: TenantId,
    @UploadedFile() file: UploadedMultipartFile | undefined,
    @Body({ schema: UPLOAD_FIELDS }) fields: UploadFields,
    @Headers('prefer') prefer: string | undefined,
    @RequestSignal() signal: AbortSignal,
  ) {
    const path = file?.path;
    if (!path)
      throw new PackhouseError('invalid_request', 'file: is needed, as multipart/form-data.', { param: 'file' });
    try {
      const { originalname: filename, mimetype: mediaType } = file;
      if (filename.length > MAX_NAME) {
        throw new PackhouseError('invalid_request', `file: its name has more than ${MAX_NAME} characters.`, {
          param: 'file',
        });
      }
      const { purpose } = fields;
      const request = { path, filename, mediaType, purpose, attachTo: attachTo(fields) };
      const stored = await upload(this.parts, tenant, request, signal);
      const wait = preferredWait(prefer);
      const attachment =
        stored.attachment && (await settledAttachment(this.parts.db, tenant, stored.attachment, wait, signal));
      return fileObject(stored.file, attachment);
    } finally {
      await rm(path, { force: true });
    }
  }

  @Get()
  async list(
    @Tenant() tenant: TenantId,
    @Query({ schema: FILE_PAGE }) page: FilePage,
    @RequestSignal() signal: AbortSignal,
  ) {
    const rows = await asTenant(this.parts.db, tenant, (tx) => files.list(tx, page), signal);
    return listObject(rows, (row) => fileObject(row));
  }

  @Get(':id')
  async get(@Tenant() tenant: TenantId, @Param('id') id: string, @RequestSignal() signal: AbortSignal) {
    return fileObject(await getFile(this.parts.db, tenant, id, signal));
  }

  @Get(':id/content')
  async content(
    @Tenant() tenant: TenantId,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    // Without a deadline: a slow client may take its time over a large file.
    const signal = goneSignal(reply.raw);
    const { bytes, filename } = await getFile(this.parts.db, tenant, id, signal);
    const pieces = postgresBlobs(this.parts.db).forTenant(tenant).get(id, signal);
    // Never shown in the browser as what it claims to be: an uploaded page would run there as one of ours.
    return new StreamableFile(Readable.from(pieces, { objectMode: false }), {
      type: 'application/octet-stream',
      length: bytes,
      disposition: `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
    });
  }

  @Delete(':id')
  @Roles('writer')
  async delete(@Tenant() tenant: TenantId, @Param('id') id: string, @RequestSignal() signal: AbortSignal) {
    await deleteFile(this.parts.db, tenant, id, signal);
    return { id, object: 'file', deleted: true };
  }
}

function attachTo({ vector_store_id: vectorStoreId, attributes, chunking_strategy }: UploadFields) {
  return vectorStoreId ? { vectorStoreId, attributes, chunking: chunkingOf(chunking_strategy) } : undefined;
}
