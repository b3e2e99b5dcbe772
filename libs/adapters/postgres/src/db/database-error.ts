import { PackhouseError } from '@packhouse/core';

const CANCELED = '57014';
/** Connection exceptions, insufficient resources, operator intervention, and a transaction worth running again. */
const PASSING = /^(08|53|57P|40001$|40P01$)/;

/** The SQLSTATE of an error that the database itself reported; undefined for a connection that broke. */
export function sqlState(error: unknown): string | undefined {
  const code: unknown = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) ? code : undefined;
}

/** Gives what went wrong beneath the SQL a code of ours. What the SQL itself got wrong stays PostgreSQL's error. */
export function databaseError(cause: unknown): unknown {
  if (PackhouseError.isInstance(cause)) return cause;
  const state = sqlState(cause);
  if (state === CANCELED) {
    return new PackhouseError('timeout', 'The database did not finish in time.', { cause, retryable: true });
  }
  if (state !== undefined && !PASSING.test(state)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PackhouseError('unavailable', `The database cannot be used now: ${reason}`, { cause, retryable: true });
}
