import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';
import type { HttpRequest } from '../requests/http.js';
import type { Principal as Caller } from './principal.js';

export type Principal = Caller;

/** A handler's parameter: who calls. @throws PackhouseError `internal` on a `@Public()` route */
export const Principal = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(context.switchToHttp().getRequest<HttpRequest>()),
);

export function callerOf({ user }: HttpRequest): Caller {
  if (user) return user;
  throw new PackhouseError('internal', 'A handler asks who calls, but its route is public.');
}
