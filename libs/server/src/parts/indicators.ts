import type { Indicator } from '@packhouse/nest';
import { checkMigrations } from './database.js';
import type { Parts } from './parts.js';

/** What `/health/ready` asks: what no request can be served without, and no model, whose outage is every process’s. */
export function indicators({ db }: Pick<Parts, 'db'>): Record<'database' | 'migrations', Indicator> {
  return {
    database: async (signal) => void (await db.query('select 1', [], signal)),
    migrations: (signal) => checkMigrations({ query: (sql, params) => db.query(sql, params, signal) }),
  };
}
