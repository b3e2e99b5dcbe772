import { PackhouseError } from '@packhouse/core';

const CANCELED = '57014';
/** Connection exceptions, insufficient resources, operator intervention, and a transaction worth running again. */
const PASSING = /^(08|53|57P|40001$|40P01$)/;

/** A character that UTF-8 or PostgreSQL's text cannot hold, as itself or escaped within JSON. */
const UNSTORABLE = ['22021', '22P05', '22P02'];

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
  if (state !== undefined && UNSTORABLE.includes(state)) {
    return new PackhouseError('invalid_request', 'A text holds NUL or half a character, which cannot be stored.', {
      cause,
    });
  }
  if (state !== undefined && !PASSING.test(state)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PackhouseError('unavailable', `The database cannot be used now: ${reason}`, { cause, retryable: true });
}
