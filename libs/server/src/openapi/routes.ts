import { RequestMethod, type Type } from '@nestjs/common';
import {
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
  RouteParamtypes,
} from '@nestjs/common/internal';
import { LEAST_ROLE, PUBLIC, type Role } from '@packhouse/nest';
import type { ZodObject, ZodType } from 'zod';
import { readAttempt } from '../http/attempt.js';
import { notesOfHealth } from './health-notes.js';
import { OPERATION, type OperationNotes } from './operation.js';

/** A route as its controller's decorators have it. */
export interface Route {
  readonly controller: string;
  /** Its own in the controller. */
  readonly name: string;
  readonly method: string;
  /** `/v1/files/{id}` */
  readonly path: string;
  readonly status: number;
  readonly public: boolean;
  /** The least that may call it. */
  readonly role: Role;
  readonly notes: OperationNotes;
  readonly body?: ZodType | undefined;
  readonly query?: ZodObject | undefined;
  readonly headers: readonly string[];
  /** The form's field that holds a file. */
  readonly file?: string | undefined;
  readonly idempotent: boolean;
}

/** Every route of a controller. @throws Error for one without `@Operation` */
export function routesOf(controller: Type): Route[] {
  const handlers = Object.getOwnPropertyNames(controller.prototype).filter((name) =>
    Reflect.hasMetadata(METHOD_METADATA, controller.prototype[name] as object),
  );
  return handlers.flatMap((handler) => {
    const paths = [Reflect.getMetadata(PATH_METADATA, controller.prototype[handler] as object) as string].flat();
    return paths.map((path) => ({ ...routeOf(controller, handler, path), name: paths.length > 1 ? path : handler }));
  });
}

function routeOf(controller: Type, handler: string, path: string): Omit<Route, 'name'> {
  const method = controller.prototype[handler] as object;
  const read = <T>(key: string) => (Reflect.getMetadata(key, method) ?? Reflect.getMetadata(key, controller)) as T;
  const notes = read<OperationNotes | undefined>(OPERATION) ?? notesOfHealth(controller.name, handler);
  if (!notes) throw new Error(`${controller.name}.${handler} has no @Operation.`);
  const verb = Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod;
  return {
    controller: controller.name,
    method: RequestMethod[verb] as string,
    path: fullPath(controller, path),
    status: (Reflect.getMetadata(HTTP_CODE_METADATA, method) as number | undefined) ?? 200,
    public: read<boolean | undefined>(PUBLIC) ?? false,
    role: read<Role | undefined>(LEAST_ROLE) ?? 'reader',
    notes,
    ...parametersOf(controller, handler),
  };
}

function fullPath(controller: Type, path: string): string {
  const base = Reflect.getMetadata(PATH_METADATA, controller) as string;
  const segments = [base, path].flatMap((part) => part.split('/')).filter(Boolean);
  return `/${segments.map((segment) => segment.replace(/^:(.+)$/, '{$1}')).join('/')}`;
}

/** What `@Body({ schema })` and its like noted of a handler's parameter. */
interface Parameter {
  readonly data?: unknown;
  readonly schema?: ZodType;
  readonly factory?: unknown;
}

function parametersOf(controller: Type, handler: string) {
  const noted = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler) ?? {}) as Record<string, Parameter>;
  const ofType = (type: RouteParamtypes) =>
    Object.entries(noted).flatMap(([key, parameter]) => (key.startsWith(`${type}:`) ? [parameter] : []));
  const file = ofType(RouteParamtypes.FILE).length > 0 ? 'file' : undefined;
  return {
    body: ofType(RouteParamtypes.BODY)[0]?.schema,
    query: ofType(RouteParamtypes.QUERY)[0]?.schema as ZodObject | undefined,
    headers: ofType(RouteParamtypes.HEADERS).map(({ data }) => String(data)),
    file,
    idempotent: Object.values(noted).some(({ factory }) => factory === readAttempt),
  };
}
