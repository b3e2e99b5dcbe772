import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { AUTHENTICATE, authenticateBy } from './auth/authenticate.js';
import { RoleGuard } from './auth/role.guard.js';
import { TenantGuard } from './auth/tenant.guard.js';
import { HealthController } from './health/health.controller.js';
import { INDICATORS } from './health/indicator.js';
import { Readiness } from './health/readiness.js';
import { ConfigurableModuleClass, PACKHOUSE_OPTIONS, type PackhouseOptions } from './options.js';
import { PACKS } from './packs.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { RateLimitGuard, TOKEN_BUCKETS } from './requests/rate-limit.guard.js';
import { RequestIdInterceptor } from './requests/request-id.interceptor.js';
import { tokenBuckets } from './requests/token-buckets.js';

const fromOptions = (provide: symbol, useFactory: (options: PackhouseOptions) => unknown) => ({
  provide,
  useFactory,
  inject: [PACKHOUSE_OPTIONS],
});

/**
 * Serves packs to tenants: once in an app's root module, by `forRoot` or `forRootAsync`. From then on every route of
 * the app needs a token unless it is `@Public()`, every failure is a problem document, and `/health/*` answers.
 */
@Global()
@Module({
  // Terminus would log every probe of a draining process as an error; what matters is logged where it happens.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [
    Readiness,
    fromOptions(AUTHENTICATE, ({ auth }) => authenticateBy(auth)),
    fromOptions(PACKS, ({ packs }) => new Map(Object.entries(packs))),
    fromOptions(INDICATORS, ({ indicators = {} }) => new Map(Object.entries(indicators))),
    fromOptions(TOKEN_BUCKETS, ({ rateLimit }) => rateLimit && tokenBuckets(rateLimit)),
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: RequestIdInterceptor },
    // In this order: limits and roles are the caller's, who must be known first.
    { provide: APP_GUARD, useClass: TenantGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: RoleGuard },
  ],
  exports: [PACKS, Readiness],
})
export class PackhouseModule extends ConfigurableModuleClass {}
