import type { BlobStore } from '@packhouse/core';
import { asTenant, type Db } from '../db/db.js';
import { eachPart } from './parts.js';
import { readPart, readVersion, tenantBlobs } from './tenant-blobs.js';

/**
 * A `BlobStore` in rows of 1 MiB, under the same row-level security, backup and erasure as all else of a tenant's. Each
 * `put` is one transaction; `get` reads each part in a transaction of its own, so that a slow reader holds none open.
 */
export function postgresBlobs(db: Db): BlobStore {
  return {
    forTenant: (tenant) => ({
      put: (id, bytes, signal) => asTenant(db, tenant, (tx) => tenantBlobs(tx).put(id, bytes, signal), signal),
      async *get(id, signal) {
        const version = await asTenant(db, tenant, (tx) => readVersion(tx, id, signal), signal);
        yield* eachPart((part) => asTenant(db, tenant, (tx) => readPart(tx, id, version, part, signal), signal));
      },
      delete: (id, signal) => asTenant(db, tenant, (tx) => tenantBlobs(tx).delete(id, signal), signal),
    }),
  };
}
