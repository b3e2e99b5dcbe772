import { Module, type CanActivate, type DynamicModule, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PackhouseError } from '@packhouse/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { workAtHand, type WorkAtHand } from './work-at-hand.js';

/** Keeps a tenant to half of the requests that are answered at once, so that another always finds a place. */
class FairShare implements CanActivate {
  private readonly share: number;
  private readonly enter: WorkAtHand;

  constructor(mostRequests: number) {
    this.share = Math.ceil(mostRequests / 2);
    this.enter = workAtHand(this.share);
  }

  /** @throws PackhouseError `rate_limit_exceeded` */
  canActivate(context: ExecutionContext): true {
    const http = context.switchToHttp();
    const { user } = http.getRequest<FastifyRequest & { user?: { tenant: string } }>();
    const { raw } = http.getResponse<FastifyReply>();
    if (!user || this.enter(raw, user.tenant)) return true;
    raw.setHeader('retry-after', '1');
    throw new PackhouseError('rate_limit_exceeded', `No more than ${this.share} requests at once are answered.`);
  }
}

/** To be imported after the module whose guards tell who is asking: guards for all routes run in their modules' order. */
@Module({})
export class FairShareModule {
  static among(mostRequests: number): DynamicModule {
    return {
      module: FairShareModule,
      providers: [{ provide: APP_GUARD, useValue: new FairShare(mostRequests) }],
    };
  }
}
