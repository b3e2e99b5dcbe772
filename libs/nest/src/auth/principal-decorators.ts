import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';
import type { HttpRequest } from '../requests/http.js';
import type { Principal as Caller } from './principal.js';

export type Principal = Caller;

/** A handler's parameter: who calls. @throws PackhouseError `internal` on a `@Public()` route */
export const Principal = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(context));

/** A handler's parameter: the caller's tenant. @throws PackhouseError `internal` on a `@Public()` route */
export const Tenant = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(context).tenant);

function callerOf(context: ExecutionContext): Caller {
  const { user } = context.switchToHttp().getRequest<HttpRequest>();
  if (user) return user;
  throw new PackhouseError('internal', `${context.getHandler().name} asks who calls, but is public.`);
}
