import { z } from 'zod';
import type { OperationNotes } from './operation.js';

const CHECKS = z.record(z.string(), z.looseObject({ status: z.enum(['up', 'down']) }));

const HEALTH = z
  .object({ status: z.enum(['ok', 'error', 'shutting_down']), info: CHECKS, error: CHECKS, details: CHECKS })
  .meta({ id: 'Health' });

/** The health routes are @packhouse/nest's, which knows nothing of OpenAPI. */
export function notesOfHealth(controller: string, handler: string): OperationNotes | undefined {
  if (controller !== 'HealthController') return undefined;
  return {
    summary: handler === 'ready' ? 'Say whether requests are served now' : 'Say that the process runs',
    answer: HEALTH,
  };
}
