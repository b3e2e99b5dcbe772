import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { PackhouseError } from '@packhouse/core';
import type { HttpRequest } from '../requests/http.js';
import { ROLES, type Role } from './principal.js';
import { LEAST_ROLE } from './roles.js';

/** Keeps a route that says `@Roles(least)` from callers of a lesser role, and from those without a token. */
@Injectable()
export class RoleGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  /** @throws PackhouseError `forbidden` */
  canActivate(context: ExecutionContext): true {
    const handlers = [context.getHandler(), context.getClass()];
    const least = this.reflector.getAllAndOverride<Role | undefined>(LEAST_ROLE, handlers);
    const { user } = context.switchToHttp().getRequest<HttpRequest>();
    if (!least || (user && ROLES.indexOf(user.role) >= ROLES.indexOf(least))) return true;
    throw new PackhouseError('forbidden', `This needs a token with the role ${least} or above.`);
  }
}
