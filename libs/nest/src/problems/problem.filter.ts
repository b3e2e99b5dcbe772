import type { ServerResponse } from 'node:http';
import { Catch, Inject, Injectable, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { nodeResponse, type HttpRequest, type HttpResponse } from '../requests/http.js';
import { requestId, stampRequestId } from '../requests/request-id.js';
import { failureOf, type Failure } from './failure.js';
import { problemOf, type Occasion } from './problem.js';
import { stackTrace } from './stack-trace.js';

/** What a caller is asked to wait, in seconds: for another request of its own, for a part that is not there. */
const RETRY_AFTER_SECONDS: Readonly<Record<number, number>> = { 409: 1, 503: 5 };

/** Answers every failure with a problem document, and logs those on our side. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<HttpRequest>();
    const response = host.switchToHttp().getResponse<HttpResponse>();
    const failure = failureOf(thrown);
    if (failure.status >= 500) this.log(thrown, failure, request);
    if (this.host.httpAdapter.isHeadersSent(response)) return breakOff(response);
    this.reply(failure, request, response);
  }

  private reply(failure: Failure, request: HttpRequest, response: HttpResponse) {
    const { httpAdapter } = this.host;
    stampRequestId(request, response);
    for (const [name, value] of Object.entries(headersOf(failure, request))) {
      httpAdapter.setHeader(response, name, value);
    }
    askToWait(failure, nodeResponse(response));
    httpAdapter.reply(response, problemOf(failure, this.occasion(request)), failure.status);
  }

  private occasion(request: HttpRequest): Occasion {
    return { instance: this.pathOf(request), requestId: requestId(request) };
  }

  private log(thrown: unknown, { code }: Failure, request: HttpRequest) {
    const what = `${request.method} ${this.pathOf(request)} failed: ${code}, request ${requestId(request)}`;
    this.logger.error(what, stackTrace(thrown));
  }

  private pathOf(request: HttpRequest): string {
    return String(this.host.httpAdapter.getRequestUrl(request)).replace(/\?.*/s, '');
  }
}

function headersOf({ status, retryable }: Failure, { headers }: HttpRequest): Record<string, string> {
  return {
    'content-type': 'application/problem+json',
    // OpenAI's clients go by the status alone otherwise and repeat what cannot succeed, such as a conflict.
    'x-should-retry': String(retryable),
    ...(status === 401 && { 'www-authenticate': challenge(headers.authorization) }),
  };
}

/** Whoever refused may know better how long it will be, and has said so then. */
function askToWait({ status, retryable, retryAfterSeconds }: Failure, response: ServerResponse): void {
  const seconds = retryAfterSeconds ?? (retryable ? RETRY_AFTER_SECONDS[status] : undefined);
  if (seconds && !response.hasHeader('retry-after')) response.setHeader('retry-after', seconds);
}

/** RFC 6750, 3.1: a request that brought no credentials is asked for some, not told that they are bad. */
function challenge(authorization: string | undefined): string {
  return authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
}

/** Half an answer is out: a closed connection is the one way left to say that the rest will not come. */
function breakOff(response: HttpResponse): void {
  const raw = nodeResponse(response);
  if (!raw.writableEnded) raw.destroy();
}
