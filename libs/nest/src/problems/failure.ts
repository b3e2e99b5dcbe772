import { HttpException } from '@nestjs/common';
import { PackhouseError, type ErrorCode } from '@packhouse/core';
import { codeOfStatus, PROBLEM_STATUS } from './problem-status.js';

/** What can be told of anything thrown while a request was served. */
export interface Failure {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  /** When it may succeed, in seconds from now, where that is known. */
  readonly retryAfterSeconds?: number;
  /** The request field at fault, as a dotted path. */
  readonly param?: string;
  /** What a validation pipe found, one entry a finding. */
  readonly findings?: readonly string[];
}

const RETRYABLE = [408, 429, 503, 504];

/** These pass by themselves. */
const SOON: readonly ErrorCode[] = ['unavailable', 'rate_limit_exceeded'];

export function failureOf(thrown: unknown): Failure {
  if (PackhouseError.isInstance(thrown)) return ours(thrown);
  if (thrown instanceof HttpException) return nests(thrown);
  if (isHangUp(thrown)) return ofStatus(499, 'The caller went away before the request had arrived.');
  if (isFrameworkError(thrown)) return ofStatus(thrown.statusCode, thrown.message);
  return ofStatus(500, '');
}

function ours({ code, message, retryable, retryAfterSeconds, param }: PackhouseError): Failure {
  return {
    status: PROBLEM_STATUS[code],
    code,
    message,
    retryable: retryable || SOON.includes(code),
    ...(retryAfterSeconds && { retryAfterSeconds }),
    ...(param && { param }),
  };
}

function nests(exception: HttpException): Failure {
  const findings = findingsOf(exception.getResponse());
  const failure = ofStatus(exception.getStatus(), findings?.join('; ') ?? exception.message);
  return findings ? { ...failure, findings } : failure;
}

/** Nest's validation pipes list what they found as the response's `message`. */
function findingsOf(response: string | object): string[] | undefined {
  const { message } = response as { message?: unknown };
  return Array.isArray(message) ? message.map(String) : undefined;
}

/**
 * True for Fastify's own errors, its plugins' and those of `http-errors` (Express' body parsers): they speak of the
 * request. A `statusCode` alone may be some upstream's answer, which is none of the caller's.
 */
function isFrameworkError(thrown: unknown): thrown is Error & { statusCode: number } {
  if (!(thrown instanceof Error)) return false;
  const { code, expose, statusCode } = thrown as Error & Record<'code' | 'expose' | 'statusCode', unknown>;
  const speaksOfTheRequest = expose === true || (typeof code === 'string' && code.startsWith('FST_'));
  return speaksOfTheRequest && typeof statusCode === 'number' && statusCode >= 400 && statusCode < 600;
}

/** Node's own words for a request whose sender closed the connection half way. */
function isHangUp(thrown: unknown): boolean {
  const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown };
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || (code === 'ECONNRESET' && message === 'aborted');
}

function ofStatus(status: number, message: string): Failure {
  return { status, code: codeOfStatus(status), message, retryable: RETRYABLE.includes(status) };
}
