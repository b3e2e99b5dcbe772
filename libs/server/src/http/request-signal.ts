import { createParamDecorator, Inject, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PARTS, type Parts } from '../parts/parts.js';
import { goneSignal, inHand, type AnswerInHand } from './gone-signal.js';

/** A pipe, because that is what of a parameter can have settings. */
@Injectable()
class Gone implements PipeTransform<AnswerInHand, AbortSignal> {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  transform(answer: AnswerInHand): AbortSignal {
    return goneSignal(answer, this.parts.settings.REQUEST_TIMEOUT_SECONDS * 1000);
  }
}

/** Fastify's reply is a thenable, and a pipe that gets it itself would wait for the answer to be sent. */
const answerInHand = createParamDecorator((_: unknown, context: ExecutionContext) =>
  inHand(context.switchToHttp().getResponse<FastifyReply>()),
);

/** A handler's signal: fires when its caller goes away, or the request's time is up. For all work, down to the sockets. */
export const RequestSignal = () => answerInHand(Gone);
