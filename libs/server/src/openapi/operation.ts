import { SetMetadata } from '@nestjs/common';
import type { ZodType } from 'zod';

/** What a route answers with: an object as JSON, or one schema for each media type. */
export type Answer = ZodType | Readonly<Record<string, ZodType>>;

export interface OperationNotes {
  /** What it does, in a line. */
  readonly summary: string;
  readonly answer: Answer;
}

export const OPERATION = 'packhouse.operation';

/** A route's line in the OpenAPI document; all else there is read from the route itself. */
export const Operation = (summary: string, answer: Answer) =>
  SetMetadata<string, OperationNotes>(OPERATION, { summary, answer });
