import type { AuthOptions } from './auth/auth-options.js';
import type { Indicator } from './health/indicator.js';
import type { NamedPacks } from './packs.js';
import type { RateLimit } from './requests/token-buckets.js';

export interface PackhouseOptions {
  /** What is served, by the name a request or a class gives. */
  packs: NamedPacks;
  /** Who is let in. Left out in an app that names the `tenant` by itself. */
  auth?: AuthOptions;
  /** What `/health/ready` asks, by the name it reports. @default {} */
  indicators?: Readonly<Record<string, Indicator>>;
  /** What each tenant may ask of this process. @default no bound */
  rateLimit?: RateLimit | undefined;
}

export const PACKHOUSE_OPTIONS = Symbol('packhouse.options');

/** A provider made of the options. */
export const fromOptions = (provide: symbol, useFactory: (options: PackhouseOptions) => unknown) => ({
  provide,
  useFactory,
  inject: [PACKHOUSE_OPTIONS],
});
