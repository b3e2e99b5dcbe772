import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { HttpRequest, HttpResponse } from './http.js';
import { stampRequestId } from './request-id.js';

/** Puts `x-request-id` on the responses of handlers; the problem filter does on all others. */
@Injectable()
export class RequestIdInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    const http = context.switchToHttp();
    stampRequestId(http.getRequest<HttpRequest>(), http.getResponse<HttpResponse>());
    return next.handle();
  }
}
