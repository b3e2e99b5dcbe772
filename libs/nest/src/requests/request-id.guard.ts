import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { HttpRequest, HttpResponse } from './http.js';
import { stampRequestId } from './request-id.js';

/**
 * Puts `x-request-id` on the responses of handlers; the problem filter does on all others. Lets everybody through: it is a
 * guard because with an interceptor, be it a single one, Nest has each answer go through observables, which takes a tenth
 * of a search's time in this process.
 */
@Injectable()
export class RequestIdGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const http = context.switchToHttp();
    stampRequestId(http.getRequest<HttpRequest>(), http.getResponse<HttpResponse>());
    return true;
  }
}
