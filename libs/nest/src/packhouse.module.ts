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
import { RequestIdInterceptor } from './requests/request-id.interceptor.js';

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
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: RequestIdInterceptor },
    // In this order: a role is the caller's, who must be known first.
    { provide: APP_GUARD, useClass: TenantGuard },
    { provide: APP_GUARD, useClass: RoleGuard },
  ],
  exports: [PACKS, Readiness],
})
export class PackhouseModule extends ConfigurableModuleClass {}
