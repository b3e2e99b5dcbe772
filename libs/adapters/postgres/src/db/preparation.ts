import { createHash } from 'node:crypto';
import { sqlState } from './database-error.js';

/**
 * What a prepared statement is planned under: one plan for all values. Left to itself PostgreSQL would compare it to plans
 * for these values by their cost, where a table that is partitioned by tenant looks as if all partitions were read. Helpers
 * would take longer to start than one tenant's rows take to read.
 */
export const PREPARED_PLANS = { plan_cache_mode: 'force_generic_plan', max_parallel_workers_per_gather: '0' } as const;

/** Whether statements may be prepared, until the server shows that they may not. */
export interface Preparation {
  /**
   * Runs a single statement that changes nothing: by name, and otherwise if the connection does not know the name.
   *
   * @param byName is given what names a text
   */
  attempt<T>(byName: (name: (sql: string) => string) => Promise<T>, otherwise: () => Promise<T>): Promise<T>;
}

/**
 * Behind a proxy that shares connections by transaction, such as an older PgBouncer, a name may be missing where it was
 * given, and taken where it was not. The server says so before it runs the statement. So it is run once more, without a
 * name, and from then on none is given. Names are digests of their texts: under one there is never another statement.
 */
export function preparation(): Preparation {
  let possible = true;
  return {
    async attempt(byName, otherwise) {
      if (!possible) return otherwise();
      try {
        return await byName(nameOf);
      } catch (error) {
        if (!REFUSED.includes(sqlState(error) ?? '')) throw error;
        possible = false;
        return otherwise();
      }
    },
  };
}

/** No such statement; one of that name already; and one whose columns a migration has changed. */
const REFUSED = ['26000', '42P05', '0A000'];

/** Texts are few; where they are not, their names are found anew. */
const REMEMBERED = 1_000;
const names = new Map<string, string>();

function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known) return known;
  if (names.size >= REMEMBERED) names.clear();
  const name = `packhouse_${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`;
  names.set(sql, name);
  return name;
}
