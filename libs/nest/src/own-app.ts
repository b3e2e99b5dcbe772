import type { DynamicModule } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';
import { TENANT_OF, type TenantOf } from './auth/tenant-of.js';
import { fromOptions, type PackhouseOptions } from './options.js';

/** For an app with guards of its own: packs and the tenant of a request, and nothing that other routes would notice. */
export function forOwnApp({ providers = [], ...definition }: DynamicModule, tenant: TenantOf): DynamicModule {
  const named = (options: PackhouseOptions) => withoutOurs(options) && tenant;
  return { ...definition, providers: [...providers, fromOptions(TENANT_OF, named)] };
}

/** Who gives `auth` too counts on every route being guarded. @throws PackhouseError `invalid_request` */
function withoutOurs({ auth, indicators }: PackhouseOptions): true {
  if (!auth && !indicators) return true;
  const useless = auth ? 'auth' : 'indicators';
  throw new PackhouseError(
    'invalid_request',
    `Give \`tenant\` or \`${useless}\`, not both: with \`tenant\` we guard and serve nothing.`,
  );
}
