import { SetMetadata } from '@nestjs/common';
import type { Role } from './principal.js';

export const LEAST_ROLE = 'packhouse.least-role';

/** The least role that may use a route, or a controller's routes; without it every role may. */
export const Roles = (least: Role) => SetMetadata(LEAST_ROLE, least);
