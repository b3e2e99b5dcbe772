import type { TenantId } from '@packhouse/core';
import type { Db, Queryable } from '../db/db.js';
import { forEachTenant } from '../db/for-each-tenant.js';

/** A generation of a tenant that has many vectors. */
export interface LargeSpace {
  readonly tenant: TenantId;
  readonly generation: number;
  readonly dimensions: number;
  readonly vectors: number;
  /** The partition they lie in, as SQL names it. */
  readonly leaf: string;
  /** What their index is called, without a schema. */
  readonly index: string;
}

/** An index on one tenant's vectors, as it stands in the database. */
export interface VectorIndex {
  readonly index: string;
  /** False for one whose build was broken off: no search uses it, and every write pays for it. */
  readonly valid: boolean;
}

/** Every generation of every tenant with so many vectors; the others are not counted through. */
export async function largeSpaces(admin: Db, atLeast: number, signal?: AbortSignal): Promise<LargeSpace[]> {
  const found = await forEachTenant(admin, (tx) => tx.query<LargeSpace>(LARGE, [tx.tenant, atLeast], signal), signal);
  return [...found.values()].flat();
}

const LARGE = `
  select tenant_id as tenant, generation, dimensions, count(*) as vectors, tableoid::regclass::text as leaf,
    packhouse.vector_index(tenant_id, generation, dimensions) as index
  from packhouse.chunk_vectors
  where tenant_id = $1 and (select chunks from packhouse.corpus where tenant_id = $1) >= $2
  group by tenant_id, generation, dimensions, tableoid
  having count(*) >= $2`;

/** All indexes of this kind, whoever's, left over ones among them. */
export function vectorIndexes(admin: Queryable, signal?: AbortSignal): Promise<VectorIndex[]> {
  return admin.query<VectorIndex>(
    `select c.relname as index, i.indisvalid as valid
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
     where a.amname = 'hnsw' and c.relname like 'hnsw\\_%'
       and i.indrelid in (select relid from pg_partition_tree('packhouse.chunk_vectors'))
     order by c.relname`,
    [],
    signal,
  );
}
