import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** One of perhaps several attempts at the same request, as its caller says with an `Idempotency-Key`. */
export interface Attempt {
  readonly key: string;
  /** The route with its ids: a key is for this one alone. */
  readonly operation: string;
  /** To be called where an earlier attempt's answer is given. */
  readonly onReplay: () => void;
}

/** What UUIDs, order numbers and hashes are made of; the draft has them in quotes, most clients do not. */
const KEY = /^("?)([!#-~]{1,255})\1$/;

/** @throws PackhouseError `invalid_request` */
export function readAttempt(_: unknown, context: ExecutionContext): Attempt | undefined {
  const http = context.switchToHttp();
  const { headers, method, url } = http.getRequest<FastifyRequest>();
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = KEY.exec(String(header))?.[2];
  if (!key) {
    throw new PackhouseError('invalid_request', 'Idempotency-Key: is 1 to 255 visible ASCII characters.', {
      param: 'Idempotency-Key',
    });
  }
  const onReplay = () => void http.getResponse<FastifyReply>().header('idempotency-replayed', 'true');
  return { key, operation: `${method} ${url.replace(/\?.*/s, '')}`, onReplay };
}

/** A handler's parameter: the attempt that the request is, where its caller says so. */
export const AttemptOf = createParamDecorator(readAttempt);
