import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { nodeResponse, type HttpRequest, type HttpResponse } from '../requests/http.js';
import { AUTHENTICATE, type Authenticate } from './authenticate.js';
import { TooManyAttempts } from './failed-attempts.js';
import { PUBLIC } from './public.js';

/** Lets a request through whose token or API key names a tenant, and notes the caller on it. `@Public()` routes need none. */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(AUTHENTICATE) private readonly authenticate: Authenticate,
  ) {}

  /** @throws PackhouseError `unauthenticated`; `forbidden` for a suspended tenant; `unavailable` while that or the issuer's
   *   keys cannot be read. TooManyAttempts */
  async canActivate(context: ExecutionContext): Promise<true> {
    if (this.isPublic(context)) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    request.user = await this.authenticate(request).catch((error: unknown) => {
      if (error instanceof TooManyAttempts) askToWait(http.getResponse<HttpResponse>(), error);
      throw error;
    });
    return true;
  }

  private isPublic(context: ExecutionContext) {
    return this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]);
  }
}

function askToWait(response: HttpResponse, { retryAfterSeconds }: TooManyAttempts): void {
  nodeResponse(response).setHeader('retry-after', String(retryAfterSeconds));
}
