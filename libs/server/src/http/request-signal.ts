import { createParamDecorator, Inject, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { PARTS, type Parts } from '../parts/parts.js';
import { goneSignal } from './gone-signal.js';

/** A pipe, because that is what of a parameter can have settings. */
@Injectable()
class Gone implements PipeTransform<ServerResponse, AbortSignal> {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  transform(response: ServerResponse): AbortSignal {
    return goneSignal(response, this.parts.settings.REQUEST_TIMEOUT_SECONDS * 1000);
  }
}

/** Node's own: Fastify's reply is a thenable, and a pipe that gets it would wait for the answer to be sent. */
const response = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getResponse<FastifyReply>().raw,
);

/** A handler's signal: fires when its caller goes away, or the request's time is up. For all work, down to the sockets. */
export const RequestSignal = () => response(Gone);
