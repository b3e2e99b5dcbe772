import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { HttpRequest } from '../requests/http.js';
import { AUTHENTICATE, type Authenticate } from './authenticate.js';
import { PUBLIC } from './public.js';

/** Lets a request through whose token names a tenant, and notes the caller on it. `@Public()` routes need none. */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(AUTHENTICATE) private readonly authenticate: Authenticate,
  ) {}

  /** @throws PackhouseError `unauthenticated`; `unavailable` while the issuer's keys cannot be read */
  async canActivate(context: ExecutionContext): Promise<true> {
    if (this.isPublic(context)) return true;
    const request = context.switchToHttp().getRequest<HttpRequest>();
    request.user = await this.authenticate(request);
    return true;
  }

  private isPublic(context: ExecutionContext) {
    return this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]);
  }
}
