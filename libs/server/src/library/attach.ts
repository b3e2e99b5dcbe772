import type { Attributes } from '@packhouse/core';
import { vectorStoreFiles, type ChunkingRow, type TenantTx, type VectorStoreFileRow } from '@packhouse/postgres';
import type { Queue } from '../parts/parts.js';

/** 800 tokens with half of them shared with the next chunk, as OpenAI's `auto` strategy cuts. */
export const AUTO_CHUNKING: ChunkingRow = { maxChunkSizeTokens: 800, chunkOverlapTokens: 400 };

export interface AttachRequest {
  readonly vectorStoreId: string;
  readonly fileId: string;
  readonly batchId?: string;
  readonly attributes?: Attributes | undefined;
  /** @default AUTO_CHUNKING */
  readonly chunking?: ChunkingRow | undefined;
}

/** Attaches a file to a store and enqueues its ingestion: both happen when the transaction commits, or neither. */
export async function attach(
  tx: TenantTx,
  queue: Queue,
  { chunking = AUTO_CHUNKING, ...request }: AttachRequest,
): Promise<VectorStoreFileRow> {
  const row = await vectorStoreFiles.attach(tx, { ...request, chunking });
  await queue.enqueue(tx, { tenant: tx.tenant, id: row.ingestionId });
  return row;
}
