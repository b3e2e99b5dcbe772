import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { TenantId } from '@packhouse/core';
import { Tenant } from '@packhouse/nest';
import { asTenant, usage } from '@packhouse/postgres';
import { Operation } from '../openapi/operation.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { listOf, TOKEN_BUDGET, USAGE_DAY } from './answers.js';
import { USAGE_PAGE, type UsagePage } from './bodies.js';
import { budgetObject, listObject, usageDayObject } from './objects.js';
import { RequestSignal } from './request-signal.js';

@Controller('v1/usage')
export class UsageController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Get()
  @Operation(
    'List what was spent on models by day, with what is left today',
    listOf(USAGE_DAY).extend({ budget: TOKEN_BUDGET }),
  )
  async list(
    @Tenant() tenant: TenantId,
    @Query({ schema: USAGE_PAGE }) page: UsagePage,
    @RequestSignal() signal: AbortSignal,
  ) {
    const { db, budget } = this.parts;
    const today = await budget.forTenant(tenant).today(signal);
    const days = await asTenant(db, tenant, (tx) => usage.list(tx, page), signal);
    return { ...listObject(days, usageDayObject), budget: budgetObject(today) };
  }
}
