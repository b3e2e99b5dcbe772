import { PackhouseError, throwIfAborted, type TenantBlobs } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { ensureTenant } from '../catalogue/tenants.js';
import { eachPart, inParts } from './parts.js';

/**
 * A tenant's blobs within the caller's transaction, whose end decides what stays. The transaction is open for as long as
 * `put` waits for bytes: give it a file's, not a slow client's.
 */
export function tenantBlobs(tx: TenantTx): TenantBlobs {
  return {
    async put(id, bytes, signal) {
      await ensureTenant(tx, signal);
      await tx.query(REPLACE, [tx.tenant, id], signal);
      let part = 0;
      let total = 0;
      for await (const data of inParts(bytes)) {
        throwIfAborted(signal);
        await tx.query(ADD_PART, [tx.tenant, id, part, data], signal);
        part += 1;
        total += data.length;
      }
      return total;
    },
    async *get(id, signal) {
      const version = await readVersion(tx, id, signal);
      yield* eachPart((part) => readPart(tx, id, version, part, signal));
    },
    async delete(id, signal) {
      const deleted = await tx.query(DELETE, [tx.tenant, id], signal);
      return deleted.length > 0;
    },
  };
}

/** What a reader holds on to: a blob that is replaced gets another. @throws PackhouseError `not_found` */
export async function readVersion(tx: TenantTx, id: string, signal?: AbortSignal): Promise<string> {
  const [blob] = await tx.query<{ version: string }>(READ_VERSION, [tx.tenant, id], signal);
  if (blob) return blob.version;
  throw new PackhouseError('not_found', `There are no bytes stored as "${id}".`);
}

/** Undefined after the last. @throws PackhouseError `not_found` for a blob that is not of this version any more */
export async function readPart(
  tx: TenantTx,
  id: string,
  version: string,
  part: number,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const [row] = await tx.query<{ bytes: Uint8Array | null }>(READ_PART, [tx.tenant, id, version, part], signal);
  if (row) return row.bytes ?? undefined;
  throw new PackhouseError('not_found', `The bytes stored as "${id}" were deleted or replaced while they were read.`);
}

const REPLACE = `
  with replaced as (
    insert into packhouse.blobs (tenant_id, blob_id) values ($1, $2)
    on conflict (tenant_id, blob_id) do update set version = default
    returning tenant_id, blob_id
  )
  delete from packhouse.blob_parts using replaced
  where blob_parts.tenant_id = replaced.tenant_id and blob_parts.blob_id = replaced.blob_id`;

const ADD_PART = `insert into packhouse.blob_parts (tenant_id, blob_id, part, bytes) values ($1, $2, $3, $4)`;

const READ_VERSION = `select version from packhouse.blobs where tenant_id = $1 and blob_id = $2`;

const READ_PART = `
  select parts.bytes
  from packhouse.blobs
    left join packhouse.blob_parts parts
      on parts.tenant_id = blobs.tenant_id and parts.blob_id = blobs.blob_id and parts.part = $4
  where blobs.tenant_id = $1 and blobs.blob_id = $2 and blobs.version = $3`;

const DELETE = `delete from packhouse.blobs where tenant_id = $1 and blob_id = $2 returning blob_id`;
