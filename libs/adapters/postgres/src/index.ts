export { chunkStore, tenantChunks, type PostgresChunkStore, type PostgresTenantStore } from './chunks/chunk-store.js';
export { postgresBlobs } from './blobs/postgres-blobs.js';
export { tenantBlobs } from './blobs/tenant-blobs.js';
export { postgresBudget } from './budget/postgres-budget.js';
export { usage, type ModelUsage, type UsageDay } from './budget/usage.js';
export {
  apiKeys,
  newKeyId,
  type ApiKeyMatch,
  type ApiKeyRole,
  type ApiKeyRow,
  type NewApiKey,
} from './catalogue/api-keys.js';
export { fileBatches, type FileBatchRow } from './catalogue/file-batches.js';
export { files, newFileId, type FileRow, type NewFile } from './catalogue/files.js';
export { keptAnswers, MOST_KEPT_ANSWERS, type KeptAnswer, type RequestName } from './catalogue/kept-answers.js';
export type { Page, PageRequest } from './catalogue/page.js';
export { isSuspended, resumeTenant, suspendTenant } from './catalogue/suspension.js';
export { ensureTenant, eraseTenant } from './catalogue/tenants.js';
export {
  vectorStoreFiles,
  type ChunkingRow,
  type FileCounts,
  type IngestionOutcome,
  type IngestionStatus,
  type ListAttachments,
  type NewAttachment,
  type VectorStoreFileRow,
} from './catalogue/vector-store-files.js';
export {
  vectorStores,
  type NewVectorStore,
  type SeenStore,
  type UsedStore,
  type VectorStoreChanges,
  type VectorStoreRow,
} from './catalogue/vector-stores.js';
export { eraseFile } from './catalogue/erase-file.js';
export { sweepExpired, sweepExpiredFiles } from './catalogue/sweep-expired.js';
export { deleteCollection } from './chunks/delete-collection.js';
export { setAttributes } from './chunks/set-attributes.js';
export { documentText } from './chunks/document-text.js';
export { reanalyse } from './chunks/reanalyse.js';
export { asTenant, eachAsTenant, type Db, type Queryable, type TenantTx } from './db/db.js';
export { expectRows, forEachTenant } from './db/for-each-tenant.js';
export { fromPool, type ClientLike, type PoolLike } from './db/from-pool.js';
export { migrate, migrationStatus, type MigrationStatus } from './db/migrate.js';
export type { Migration } from './db/migrations.js';
export {
  openAdmin,
  openPostgres,
  prepareDatabase,
  type OpenPostgres,
  type PostgresOptions,
  type PrepareOptions,
} from './db/postgres.js';
export { requirePgvector, type PgvectorRequirement } from './db/require-pgvector.js';
export { within } from './db/within.js';
export { APP_ROLE, checkRole, describeRole, type RoleDescription } from './db/roles.js';
export { buildGeneration } from './generations/build-generation.js';
export { compareGenerations, isWorse, type GenerationComparison } from './generations/compare-generations.js';
export { dropGeneration } from './generations/drop-generation.js';
export type { Fingerprint, Generation, GenerationState } from './generations/generation.js';
export { generations } from './generations/generations.js';
export type { ChunkEmbedding } from './generations/put-embeddings.js';
export { questions } from './generations/questions.js';
export type { Rollback } from './generations/switch-generation.js';
export { maintain, type MaintainOptions, type MaintenanceStep } from './maintenance/maintain.js';
export { listenOn, type Listen, type ListeningClient, type ListeningPool } from './jobs/listen.js';
export { pgBossQueue, type PgBossQueueOptions } from './jobs/pg-boss-queue.js';
