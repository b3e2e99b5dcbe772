import { ConfigurableModuleBuilder, Global, Module } from '@nestjs/common';
import { TENANT_OF, type TenantOf } from './auth/tenant-of.js';
import { Readiness } from './health/readiness.js';
import { InjectedPacksModule } from './inject-pack.js';
import { fromOptions, PACKHOUSE_OPTIONS, type PackhouseOptions } from './options.js';
import { forOwnApp } from './own-app.js';
import { PACKS } from './packs.js';
import { forWholeApp } from './whole-app.js';

/** What is known before any provider is made, and so stands beside `useFactory`. */
interface StaticOptions {
  /** In an app with guards of its own: names the tenant of a request. Nothing is guarded by us then. */
  tenant?: TenantOf | undefined;
}

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<PackhouseOptions>({
  optionsInjectionToken: PACKHOUSE_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras<StaticOptions>({ tenant: undefined }, (definition, { tenant }) =>
    tenant ? forOwnApp(definition, tenant) : forWholeApp(definition),
  )
  .build();

/**
 * Serves packs to tenants: once in an app's root module, by `forRoot` or `forRootAsync`. With `auth` every route of the
 * app needs a token unless it is `@Public()`, every failure is a problem document, and `/health/*` answers. With
 * `tenant` the app stays as it is, and its controllers are given packs and tenants.
 */
@Global()
@Module({
  imports: [InjectedPacksModule],
  providers: [Readiness, fromOptions(PACKS, ({ packs }) => new Map(Object.entries(packs)))],
  exports: [PACKS, TENANT_OF, Readiness],
})
export class PackhouseModule extends ConfigurableModuleClass {}
