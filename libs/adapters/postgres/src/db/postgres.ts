import type { Pool, PoolConfig } from 'pg';
import type { Db } from './db.js';
import { fromPool } from './from-pool.js';
import { migrate } from './migrate.js';
import { APP_ROLE } from './roles.js';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=...` */
  url: string;
  /** Most connections at once. @default 10 */
  max?: number;
}

export interface OpenPostgres {
  readonly db: Db;
  /** The pool beneath, for libraries that bring their own SQL. */
  readonly pool: Pool;
  /** Ends the pool once running work is done. */
  close(): Promise<void>;
}

/**
 * Opens a pool of connections. Nothing is sent until the first query. The bounds of statements and locks are settings
 * of the role (see migration 1); this side gives up on a silent server a while after them.
 */
export async function openPostgres({ url, max = 10 }: PostgresOptions): Promise<OpenPostgres> {
  return open({ connectionString: url, max, query_timeout: 60_000 });
}

/**
 * Opens one connection for a role that migrates: unlike a request's, its statements take as long as they need.
 *
 * @param url as that of {@link openPostgres}
 */
export function openAdmin(url: string): Promise<OpenPostgres> {
  return open({ connectionString: url, max: 1 });
}

export interface PrepareOptions {
  /** A role that may create roles and extensions. */
  adminUrl: string;
  /** What packhouse_app is to log in with. */
  appPassword: string;
}

/**
 * Readies a database for development: migrates it, lets packhouse_app log in with this password, and returns the URL to
 * go on with.
 */
export async function prepareDatabase({ adminUrl, appPassword }: PrepareOptions): Promise<string> {
  const admin = await openAdmin(adminUrl);
  try {
    await migrate(admin.db);
    const url = withLogin(adminUrl, appPassword);
    if (!(await logsIn(url))) await allowLogin(admin.db, appPassword);
    return url;
  } finally {
    await admin.close();
  }
}

async function open(config: PoolConfig): Promise<OpenPostgres> {
  const { Pool } = await import('pg').then((module) => module.default);
  const pool = new Pool({ ...config, connectionTimeoutMillis: 10_000, keepAlive: true, application_name: 'packhouse' });
  // The pool has dropped the idle connection that failed by the time it says so; the next query opens another.
  pool.on('error', () => undefined);
  return { db: fromPool(pool), pool, close: () => pool.end() };
}

function withLogin(adminUrl: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = APP_ROLE;
  url.password = password;
  return url.href;
}

async function logsIn(url: string): Promise<boolean> {
  const app = await open({ connectionString: url, max: 1 });
  return app.db
    .query('select')
    .then(
      () => true,
      () => false,
    )
    .finally(() => app.close());
}

/** Utility statements take no parameters, so the server quotes for itself. */
async function allowLogin(admin: Db, password: string): Promise<void> {
  const [row] = await admin.query<{ sql: string }>(
    `select format('alter role %I login password %L', $1::text, $2::text) as sql`,
    [APP_ROLE, password],
  );
  await admin.query((row as { sql: string }).sql);
}
