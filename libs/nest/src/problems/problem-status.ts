import type { ErrorCode } from '@packhouse/core';

/** The one place where a failure becomes an HTTP status. */
export const PROBLEM_STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_request: 400,
  invalid_tenant: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  key_reused: 422,
  too_large: 413,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  encrypted: 422,
  corrupt: 422,
  empty: 422,
  unsupported: 422,
  // Vectors are made on our side: no caller can mend their length.
  dimension_mismatch: 500,
  provider_refused: 502,
  provider_failed: 502,
  timeout: 504,
  // nginx' number for a caller that left; nobody is there to read it, but the access log is.
  aborted: 499,
  unavailable: 503,
  internal: 500,
};

/** The way back, for failures that come as a status: Nest's exceptions and the web frameworks' errors. */
const STATUS_CODE: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  408: 'timeout',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported',
  429: 'rate_limit_exceeded',
  502: 'provider_failed',
  503: 'unavailable',
  504: 'timeout',
};

export function codeOfStatus(status: number): ErrorCode {
  return STATUS_CODE[status] ?? (status < 500 ? 'invalid_request' : 'internal');
}
