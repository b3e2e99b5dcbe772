import { PackhouseError } from '@packhouse/core';
import { sqlState } from '../db/database-error.js';
import type { TenantTx } from '../db/db.js';
import { describedColumns } from './described-columns.js';
import type { StorableChunk } from './storable-chunk.js';

/** Rows a statement. */
const BATCH = 1_000;

/** Inserts chunks, without what they are searched by. */
export async function insertChunks(
  tx: TenantTx,
  chunks: readonly StorableChunk[],
  signal?: AbortSignal,
): Promise<void> {
  for (let start = 0; start < chunks.length; start += BATCH) {
    const batch = chunks.slice(start, start + BATCH);
    await tx.query(INSERT_CHUNKS, chunkParams(tx, batch), signal).catch(idTaken);
  }
}

const INSERT_CHUNKS = `
  insert into packhouse.chunks (tenant_id, chunk_id, ordinal, span_start, span_end, pages, source, attributes,
    collection, document_id, body, digest)
  select $1, chunk_id, ordinal, span_start, span_end, pages::jsonb, source, attributes::jsonb, $9, $10, body, digest
  from unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[], $11::text[], $12::text[])
    as added(chunk_id, ordinal, span_start, span_end, pages, source, attributes, body, digest)`;

function chunkParams(tx: TenantTx, chunks: readonly StorableChunk[]): unknown[] {
  return [
    tx.tenant,
    ...describedColumns(chunks),
    chunks[0]?.collection,
    chunks[0]?.documentId,
    chunks.map(({ text }) => text),
    chunks.map(({ digest }) => digest),
  ];
}

const UNIQUE_VIOLATION = '23505';

function idTaken(error: unknown): never {
  if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
  const message = "A chunk has the id of another document's: ids are unique within a tenant.";
  throw new PackhouseError('invalid_request', message, { cause: error, param: 'chunks' });
}
