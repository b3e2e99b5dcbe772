import type { TestingModuleBuilder } from '@nestjs/testing';
import { tenantId } from '@packhouse/core';
import { AUTHENTICATE, type Authenticate } from '../auth/authenticate.js';
import type { Principal, Role } from '../auth/principal.js';
import { TENANT_OF, type TenantOf } from '../auth/tenant-of.js';
import { PACKHOUSE_OPTIONS, type PackhouseOptions } from '../options.js';
import type { NamedPacks } from '../packs.js';

/** The tenant of every request, for tests that do not care which. */
export const TEST_TENANT = tenantId('test');

export interface PackhouseFakes {
  /** Instead of the app's own, which are not made: a name that is missing here is missing in the app. */
  packs: NamedPacks;
  /** Whom every request comes from. @default TEST_TENANT */
  tenant?: string;
  /** What every caller may do, in an app whose callers we sign in. @default 'admin' */
  role?: Role;
}

/**
 * Replaces the packs of an app under test, and lets every request through as one tenant's, without a token. An app's
 * own guards stay: `overrideGuard` is for those.
 *
 * @example
 * const testing = fakePackhouse(Test.createTestingModule({ imports: [AppModule] }), {
 *   packs: { search: () => listRetriever('search', [hit]) },
 * });
 * const app = (await testing.compile()).createNestApplication();
 */
export function fakePackhouse(
  builder: TestingModuleBuilder,
  { packs, tenant = TEST_TENANT, role = 'admin' }: PackhouseFakes,
): TestingModuleBuilder {
  const caller: Principal = { tenant: tenantId(tenant), role, subject: 'test' };
  const authenticate: Authenticate = async () => caller;
  const tenantOf: TenantOf = () => tenant;
  return builder
    .overrideProvider(PACKHOUSE_OPTIONS)
    .useValue({ packs } satisfies PackhouseOptions)
    .overrideProvider(AUTHENTICATE)
    .useValue(authenticate)
    .overrideProvider(TENANT_OF)
    .useValue(tenantOf);
}
