import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { TenantId } from '@packhouse/core';
import { Roles, Tenant } from '@packhouse/nest';
import { createKey, listKeys, revokeKey } from '../library/api-keys.js';
import { Operation } from '../openapi/operation.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { API_KEY, deleted, listOf, NEW_KEY } from './answers.js';
import { API_KEY_PAGE, NEW_API_KEY, type ApiKeyPage, type NewApiKeyBody } from './bodies.js';
import { apiKeyObject, listObject } from './objects.js';
import { RequestSignal } from './request-signal.js';

@Controller('v1/api_keys')
@Roles('admin')
export class ApiKeysController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Post()
  @Operation('Make an API key', NEW_KEY)
  @HttpCode(200)
  async create(
    @Tenant() tenant: TenantId,
    @Body({ schema: NEW_API_KEY }) { name, role, expires_at: expiresAt }: NewApiKeyBody,
    @RequestSignal() signal: AbortSignal,
  ) {
    const request = { name, role, expiresAt: expiresAt ? new Date(expiresAt * 1000) : null };
    const { row, key } = await createKey(this.parts.db, tenant, request, signal);
    return { ...apiKeyObject(row), key };
  }

  @Get()
  @Operation('List API keys', listOf(API_KEY))
  async list(
    @Tenant() tenant: TenantId,
    @Query({ schema: API_KEY_PAGE }) page: ApiKeyPage,
    @RequestSignal() signal: AbortSignal,
  ) {
    return listObject(await listKeys(this.parts.db, tenant, page, signal), apiKeyObject);
  }

  @Delete(':id')
  @Operation('Revoke an API key', deleted('api_key.deleted'))
  async revoke(@Tenant() tenant: TenantId, @Param('id') id: string, @RequestSignal() signal: AbortSignal) {
    await revokeKey(this.parts.db, tenant, id, signal);
    return { id, object: 'api_key.deleted', deleted: true };
  }
}
