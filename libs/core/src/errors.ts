/** Every way in which Packhouse refuses or fails. A closed list: a server maps each to its status once. */
export const ERROR_CODES = [
  // the caller's to mend
  'invalid_request',
  'invalid_tenant',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'key_reused',
  'too_large',
  'rate_limit_exceeded',
  'insufficient_quota',
  // what a file can be
  'encrypted',
  'corrupt',
  'empty',
  'unsupported',
  // the other side's
  'dimension_mismatch',
  'provider_refused',
  'provider_failed',
  'timeout',
  'aborted',
  'unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

const BRAND = Symbol.for('packhouse.error');

export interface ErrorDetails {
  /** What made this happen; never shown to an API's caller. */
  cause?: unknown;
  /** Whether the same call may succeed later, unchanged. @default false */
  retryable?: boolean;
  /** When it may, in seconds from now, where that is known. */
  retryAfterSeconds?: number;
  /** The request field at fault, as a dotted path. */
  param?: string;
}

/** A failure with a stable code and a message that says what failed and what to do. */
export class PackhouseError extends Error {
  override readonly name = 'PackhouseError';
  readonly [BRAND] = true;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly param: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { cause, retryable = false, retryAfterSeconds, param }: ErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryable = retryable;
    this.retryAfterSeconds = retryAfterSeconds;
    this.param = param;
  }

  /** True also for an error of another installed copy of this package, which `instanceof` would miss. */
  static isInstance(error: unknown): error is PackhouseError {
    return typeof error === 'object' && error !== null && BRAND in error;
  }

  /** True where `error` is ours and carries one of these codes. */
  static is(error: unknown, ...codes: readonly ErrorCode[]): error is PackhouseError {
    return PackhouseError.isInstance(error) && codes.includes(error.code);
  }
}
