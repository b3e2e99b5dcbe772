import { createParamDecorator, Inject, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { PackhouseError, tenantId, type TenantId } from '@packhouse/core';
import { TENANT_OF, type TenantOf } from './tenant-of.js';

/** What `@Tenant()` goes through, because a decorator alone cannot inject: from the request to its tenant. */
@Injectable()
export class TenantPipe implements PipeTransform<unknown, Promise<TenantId>> {
  constructor(@Inject(TENANT_OF) private readonly tenantOf: TenantOf) {}

  /** @throws PackhouseError `unauthenticated`, `invalid_tenant` */
  async transform(request: unknown): Promise<TenantId> {
    const tenant = await this.tenantOf(request);
    if (tenant === undefined) throw new PackhouseError('unauthenticated', 'Nothing in this request names a tenant.');
    return tenantId(tenant);
  }
}

const Request = createParamDecorator((_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest());

/** A handler's parameter: the caller's tenant. @throws PackhouseError `internal` on a `@Public()` route */
export const Tenant = () => Request(TenantPipe);
