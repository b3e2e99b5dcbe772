import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';
import type { FastifyRequest } from 'fastify';

/** One of perhaps several attempts at the same request, as its caller says with an `Idempotency-Key`. */
export interface Attempt {
  readonly key: string;
  /** The route with its ids: a key means this one alone. */
  readonly operation: string;
}

/** What a UUID, an order number or a hash is made of; a structured field's quotes may stand around it. */
const KEY = /^(["]?)([!#-~]{1,255})\1$/;

/** @throws PackhouseError `invalid_request` */
export function readAttempt(_: unknown, context: ExecutionContext): Attempt | undefined {
  const { headers, method, url } = context.switchToHttp().getRequest<FastifyRequest>();
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = KEY.exec(String(header))?.[2];
  if (key) return { key, operation: `${method} ${url.replace(/\?.*/s, '')}` };
  throw new PackhouseError('invalid_request', 'Idempotency-Key: is 1 to 255 visible ASCII characters.', {
    param: 'Idempotency-Key',
  });
}

/** A handler's parameter: the attempt that the request is, where its caller says so. */
export const AttemptOf = createParamDecorator(readAttempt);
