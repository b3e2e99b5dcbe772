export { asTenant, type Db, type Queryable, type TenantTx } from './db/db.js';
export { fromPool, type ClientLike, type PoolLike } from './db/from-pool.js';
export { migrate, migrationStatus, type MigrationStatus } from './db/migrate.js';
export type { Migration } from './db/migrations.js';
export {
  openPostgres,
  prepareDatabase,
  type OpenPostgres,
  type PostgresOptions,
  type PrepareOptions,
} from './db/postgres.js';
export { requirePgvector } from './db/require-pgvector.js';
export { APP_ROLE, checkRole, describeRole, type RoleDescription } from './db/roles.js';
