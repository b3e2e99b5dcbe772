import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '@packhouse/core';
import type { Failure } from './failure.js';

/** A problem document (RFC 9457) that OpenAI's clients can read too: they look at `error` alone. */
export interface Problem {
  /** Always so: the kind of problem is `code`, the `title` is the status'. */
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The path that was asked for, without its query. */
  readonly instance: string;
  /** What the log has the request under: its x-request-id. */
  readonly request_id: string;
  readonly code: ErrorCode;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly errors?: readonly { readonly pointer?: string; readonly detail: string }[];
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: ErrorCode;
    readonly param: string | null;
  };
}

/** All that is said of a failure on our side: its own text may hold what is none of the caller's. */
const OUR_SIDE = 'The service failed to answer this request. Its log has the reason under the x-request-id header.';

/** What a problem document says of the request itself. */
export interface Occasion {
  readonly instance: string;
  readonly requestId: string;
}

export function problemOf(failure: Failure, { instance, requestId }: Occasion): Problem {
  const { status, code, retryable, param = null } = failure;
  const detail = status < 500 ? failure.message : OUR_SIDE;
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Client Closed Request',
    status,
    detail,
    instance,
    request_id: requestId,
    code,
    retryable,
    ...errorsOf(failure, detail),
    error: { message: detail, type: openAiType(status), code, param },
  };
}

function errorsOf({ param, findings }: Failure, detail: string): Pick<Problem, 'errors'> {
  if (findings) return { errors: findings.map((finding) => ({ detail: finding })) };
  return param === undefined ? {} : { errors: [{ pointer: jsonPointer(param), detail }] };
}

/** RFC 6901, as a URI fragment: `tools.0.type` is `#/tools/0/type`. */
function jsonPointer(param: string): string {
  const steps = param.split('.').map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1'));
  return `#/${steps.map(encodeURIComponent).join('/')}`;
}

function openAiType(status: number): string {
  if (status >= 500) return 'server_error';
  const types: Record<number, string> = {
    401: 'authentication_error',
    403: 'permission_error',
    429: 'rate_limit_error',
  };
  return types[status] ?? 'invalid_request_error';
}
