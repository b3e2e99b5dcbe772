import { createParamDecorator, Inject, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PARTS, type Parts } from '../parts/parts.js';
import { goneSignal } from './gone-signal.js';

/** A pipe, because that is what of a parameter can have settings. */
@Injectable()
class Gone implements PipeTransform<FastifyReply, AbortSignal> {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  transform(reply: FastifyReply): AbortSignal {
    return goneSignal(reply, this.parts.settings.REQUEST_TIMEOUT_SECONDS * 1000);
  }
}

const reply = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.switchToHttp().getResponse<FastifyReply>(),
);

/** A handler's signal: fires when its caller goes away, or the request's time is up. For all work, down to the sockets. */
export const RequestSignal = () => reply(Gone);
