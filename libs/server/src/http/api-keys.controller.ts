import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { TenantId } from '@packhouse/core';
import { Roles, Tenant } from '@packhouse/nest';
import { createKey, listKeys, revokeKey } from '../library/api-keys.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { NEW_API_KEY, PAGE, type NewApiKeyBody, type PageQuery } from './bodies.js';
import { apiKeyObject, listObject } from './objects.js';

@Controller('v1/api_keys')
@Roles('admin')
export class ApiKeysController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Post()
  @HttpCode(200)
  async create(
    @Tenant() tenant: TenantId,
    @Body({ schema: NEW_API_KEY }) { name, role, expires_at: expiresAt }: NewApiKeyBody,
  ) {
    const request = { name, role, expiresAt: expiresAt ? new Date(expiresAt * 1000) : null };
    const { row, key } = await createKey(this.parts.db, tenant, request);
    return { ...apiKeyObject(row), key };
  }

  @Get()
  async list(@Tenant() tenant: TenantId, @Query({ schema: PAGE }) page: PageQuery) {
    return listObject(await listKeys(this.parts.db, tenant, page), apiKeyObject);
  }

  @Delete(':id')
  async revoke(@Tenant() tenant: TenantId, @Param('id') id: string) {
    await revokeKey(this.parts.db, tenant, id);
    return { id, object: 'api_key.deleted', deleted: true };
  }
}
