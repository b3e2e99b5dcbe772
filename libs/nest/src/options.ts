import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { JwtOptions } from './auth/jwt-options.js';
import type { Indicator } from './health/indicator.js';
import type { PackFactory } from './packs.js';
import type { RateLimit } from './requests/token-buckets.js';

export interface PackhouseOptions {
  /** Whose tokens are believed. */
  auth: JwtOptions;
  /** What is served, by the name a request gives. */
  packs: Readonly<Record<string, PackFactory>>;
  /** What `/health/ready` asks, by the name it reports. @default {} */
  indicators?: Readonly<Record<string, Indicator>>;
  /** What each tenant may ask of this process. @default no bound */
  rateLimit?: RateLimit | undefined;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: PACKHOUSE_OPTIONS } =
  new ConfigurableModuleBuilder<PackhouseOptions>({ moduleName: 'Packhouse' }).setClassMethodName('forRoot').build();
