import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PARTS, type Parts } from '../parts/parts.js';
import { workAtHand, type WorkAtHand } from './work-at-hand.js';

/**
 * Keeps a tenant to half of the requests that are answered at once, so that another always finds a place. An interceptor,
 * because guards tell who is asking; before a form's, which reads it.
 */
@Injectable()
export class FairShare implements NestInterceptor {
  private readonly share: number;
  private readonly enter: WorkAtHand;

  constructor(@Inject(PARTS) { settings }: Parts) {
    this.share = Math.ceil(settings.MAX_REQUESTS / 2);
    this.enter = workAtHand(this.share);
  }

  /** @throws PackhouseError `rate_limit_exceeded` */
  intercept(context: ExecutionContext, next: CallHandler) {
    const http = context.switchToHttp();
    const { user } = http.getRequest<FastifyRequest & { user?: { tenant: string } }>();
    const { raw } = http.getResponse<FastifyReply>();
    if (!user || this.enter(raw, user.tenant)) return next.handle();
    raw.setHeader('retry-after', '1');
    throw new PackhouseError('rate_limit_exceeded', `No more than ${this.share} requests at once are answered.`);
  }
}
