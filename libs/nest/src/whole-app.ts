import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { PackhouseError } from '@packhouse/core';
import { AUTHENTICATE, authenticateBy } from './auth/authenticate.js';
import { callerOf } from './auth/principal-decorators.js';
import { RoleGuard } from './auth/role.guard.js';
import { TENANT_OF, type TenantOf } from './auth/tenant-of.js';
import { TenantGuard } from './auth/tenant.guard.js';
import { HealthController } from './health/health.controller.js';
import { INDICATORS } from './health/indicator.js';
import { PackhouseHealthIndicator } from './health/packhouse-health-indicator.js';
import { fromOptions, type PackhouseOptions } from './options.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { RateLimitGuard, TOKEN_BUCKETS } from './requests/rate-limit.guard.js';
import { RequestIdGuard } from './requests/request-id.guard.js';
import { tokenBuckets } from './requests/token-buckets.js';

const tenantOfCaller: TenantOf = (request) => callerOf(request).tenant;

/** For an app that is Packhouse's: its routes are guarded, its failures problem documents, and `/health/*` answers. */
export function forWholeApp({ imports = [], providers = [], ...definition }: DynamicModule): DynamicModule {
  return {
    ...definition,
    // Terminus would log every probe of a draining process as an error; what matters is logged where it happens.
    imports: [...imports, TerminusModule.forRoot({ logger: false })],
    controllers: [HealthController],
    providers: [
      ...providers,
      fromOptions(AUTHENTICATE, authenticate),
      fromOptions(INDICATORS, ({ indicators = {} }) => new Map(Object.entries(indicators))),
      fromOptions(TOKEN_BUCKETS, ({ rateLimit }) => rateLimit && tokenBuckets(rateLimit)),
      PackhouseHealthIndicator,
      { provide: TENANT_OF, useValue: tenantOfCaller },
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_GUARD, useClass: RequestIdGuard },
      // In this order: limits and roles are the caller's, who must be known first.
      { provide: APP_GUARD, useClass: TenantGuard },
      { provide: APP_GUARD, useClass: RateLimitGuard },
      { provide: APP_GUARD, useClass: RoleGuard },
    ],
  };
}

/** @throws PackhouseError `invalid_request` where nothing says who may call */
function authenticate({ auth }: PackhouseOptions) {
  if (auth) return authenticateBy(auth);
  throw new PackhouseError(
    'invalid_request',
    'Packhouse needs `auth` (a secret or a jwksUrl) to verify tokens by, or, beside the options, `tenant` to name the tenant of a request that guards of your own let through.',
  );
}
