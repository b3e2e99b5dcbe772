import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { AuthOptions } from './auth/auth-options.js';
import type { Indicator } from './health/indicator.js';
import type { PackFactory } from './packs.js';

export interface PackhouseOptions {
  /** Who is let in. */
  auth: AuthOptions;
  /** What is served, by the name a request gives. */
  packs: Readonly<Record<string, PackFactory>>;
  /** What `/health/ready` asks, by the name it reports. @default {} */
  indicators?: Readonly<Record<string, Indicator>>;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: PACKHOUSE_OPTIONS } =
  new ConfigurableModuleBuilder<PackhouseOptions>({ moduleName: 'Packhouse' }).setClassMethodName('forRoot').build();
