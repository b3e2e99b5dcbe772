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
import { RouteConfig } from '@nestjs/platform-fastify';
import { FileInterceptor, type UploadedMultipartFile } from '@nestjs/platform-fastify/multipart';
import { PackhouseError, type TenantId } from '@packhouse/core';
import { Roles, Tenant } from '@packhouse/nest';
import { asTenant, files, postgresBlobs } from '@packhouse/postgres';
import type { FastifyReply } from 'fastify';
import { settledAttachment } from '../library/attachments.js';
import { sweepBeside } from '../library/sweep-beside.js';
import { digest, getFile, deleteFile, upload } from '../library/files.js';
import { Operation } from '../openapi/operation.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { AttemptOf, type Attempt } from './attempt.js';
import { BYTES, deleted, FILE, listOf } from './answers.js';
import { FILE_PAGE, UPLOAD_FIELDS, type FilePage, type UploadFields } from './bodies.js';
import { chunkingOf } from './chunking.js';
import type { Accepts } from './door.js';
import { goneSignal, inHand } from './gone-signal.js';
import { attachedAs, fileObject, listObject, type FileObject } from './objects.js';
import { once } from './once.js';
import { preferredWait } from './prefer-wait.js';
import { RequestSignal } from './request-signal.js';

/** As file systems have it. */
const MAX_NAME = 255;

@Controller('v1/files')
export class FilesController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Post()
  @Operation('Upload a file', FILE)
  @HttpCode(200)
  @Roles('writer')
  @RouteConfig({ accepts: 'multipart/form-data' } satisfies Accepts)
  @UseInterceptors(FileInterceptor('file'))
  async create(
    @Tenant() tenant: TenantId,
    @UploadedFile() file: UploadedMultipartFile | undefined,
    @Body({ schema: UPLOAD_FIELDS }) fields: UploadFields,
    @AttemptOf() attempt: Attempt | undefined,
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
      const { purpose, expires_after } = fields;
      const about = { filename, mediaType, purpose, expiresAfterSeconds: expires_after?.seconds };
      const sent = { ...(await digest(path, signal)), ...about, attachTo: attachTo(fields) };
      const work = async (parts: Parts) => {
        const { file, attachment } = await upload(parts, tenant, { ...sent, path }, signal);
        return fileObject(file, attachment);
      };
      const stored = await once(this.parts, { tenant, attempt, sent, work, signal });
      sweepBeside(this.parts, tenant);
      return await this.settled(tenant, stored, preferredWait(prefer), signal);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** The file once it is ingested, as far as the caller cares to wait for that. */
  private async settled(tenant: TenantId, stored: FileObject, wait: number, signal: AbortSignal): Promise<FileObject> {
    const { id: fileId, vector_store_id: vectorStoreId } = stored;
    if (!vectorStoreId || wait === 0) return stored;
    const attachment = await settledAttachment(this.parts.db, tenant, { vectorStoreId, fileId }, wait, signal);
    return { ...stored, ...attachedAs(attachment) };
  }

  @Get()
  @Operation('List files', listOf(FILE))
  async list(
    @Tenant() tenant: TenantId,
    @Query({ schema: FILE_PAGE }) page: FilePage,
    @RequestSignal() signal: AbortSignal,
  ) {
    const rows = await asTenant(this.parts.db, tenant, (tx) => files.list(tx, page), signal);
    return listObject(rows, (row) => fileObject(row));
  }

  @Get(':id')
  @Operation('Tell of a file', FILE)
  async get(@Tenant() tenant: TenantId, @Param('id') id: string, @RequestSignal() signal: AbortSignal) {
    return fileObject(await getFile(this.parts.db, tenant, id, signal));
  }

  @Get(':id/content')
  @Operation('Give back a file’s bytes', BYTES)
  async content(
    @Tenant() tenant: TenantId,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    // Without a deadline: a slow client may take its time over a large file, as long as it takes something (door.ts).
    const signal = goneSignal(inHand(reply));
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
  @Operation('Delete a file, in every store', deleted('file'))
  @Roles('writer')
  async delete(@Tenant() tenant: TenantId, @Param('id') id: string, @RequestSignal() signal: AbortSignal) {
    await deleteFile(this.parts.db, tenant, id, signal);
    return { id, object: 'file', deleted: true };
  }
}

function attachTo({ vector_store_id: vectorStoreId, attributes, chunking_strategy }: UploadFields) {
  return vectorStoreId ? { vectorStoreId, attributes, chunking: chunkingOf(chunking_strategy) } : undefined;
}
