import { Inject, Injectable, Optional, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';
import { nodeResponse, type HttpRequest, type HttpResponse } from './http.js';
import { rateLimitHeaders } from './rate-limit-headers.js';
import type { TokenBuckets } from './token-buckets.js';

export const TOKEN_BUCKETS = Symbol('packhouse.token-buckets');

/** Keeps a tenant to so many requests, and tells it with each how many are left. Public routes count for nobody. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(@Optional() @Inject(TOKEN_BUCKETS) private readonly take: TokenBuckets | undefined) {}

  /** @throws PackhouseError `rate_limit_exceeded` */
  canActivate(context: ExecutionContext): true {
    const http = context.switchToHttp();
    const { user } = http.getRequest<HttpRequest>();
    if (!this.take || !user) return true;
    const allowance = this.take(user.tenant);
    // On Node's own, so that it is there for handlers that write to that.
    const response = nodeResponse(http.getResponse<HttpResponse>());
    for (const [name, value] of Object.entries(rateLimitHeaders(allowance))) response.setHeader(name, value);
    if (allowance.admitted) return true;
    throw new PackhouseError('rate_limit_exceeded', `No more than ${allowance.limit} requests a minute are answered.`);
  }
}
