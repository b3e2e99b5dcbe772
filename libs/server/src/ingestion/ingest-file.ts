import {
  PackhouseError,
  throwIfAborted,
  type ExtractedText,
  type JobHandler,
  type NewChunk,
  type TenantId,
} from '@packhouse/core';
import { ingestion } from '@packhouse/ingestion';
import {
  asTenant,
  files,
  postgresBlobs,
  tenantChunks,
  vectorStoreFiles,
  type FileRow,
  type TenantTx,
  type VectorStoreFileRow,
} from '@packhouse/postgres';
import { readFile } from '@packhouse/readers';
import type { Parts } from '../parts/parts.js';

type Needed = Pick<Parts, 'db' | 'chunks' | 'embedder'>;

/**
 * Takes one file from `in_progress` to `completed` or `failed`: read, split, embed what is new, and replace the
 * document's chunks in the transaction that sets the status. A file that is no good fails at once; whatever else goes
 * wrong is thrown, for the queue to try again.
 */
export function ingestFile(parts: Needed): JobHandler {
  return async ({ tenant, id, signal }) => {
    const found = await findWork(parts, tenant, id);
    if (!found) return;
    const text = await extract(parts, tenant, found.file, signal).catch(fileFault);
    if (PackhouseError.isInstance(text)) {
      const { code, message } = text;
      await asTenant(parts.db, tenant, (tx) => vectorStoreFiles.finish(tx, id, { status: 'failed', code, message }));
      return;
    }
    const chunks = await prepare(parts, tenant, found, text, signal);
    await complete(parts, tenant, id, chunks, signal);
  };
}

interface Work {
  readonly file: FileRow;
  readonly attachment: VectorStoreFileRow;
}

/** Nothing where the file was deleted, detached, cancelled or attached anew since the job was enqueued. */
function findWork({ db }: Needed, tenant: TenantId, ingestionId: string): Promise<Work | undefined> {
  return asTenant(db, tenant, async (tx) => {
    const attachment = await vectorStoreFiles.inProgress(tx, ingestionId);
    const file = attachment && (await files.get(tx, attachment.fileId));
    return file ? { file, attachment } : undefined;
  });
}

async function extract({ db }: Needed, tenant: TenantId, file: FileRow, signal: AbortSignal): Promise<ExtractedText> {
  const pieces: Uint8Array[] = [];
  for await (const piece of postgresBlobs(db).forTenant(tenant).get(file.fileId, signal)) pieces.push(piece);
  throwIfAborted(signal);
  const { filename, mediaType } = file;
  return readFile({ filename, mediaType, bytes: Buffer.concat(pieces) }, undefined, signal);
}

function prepare(
  { chunks, embedder }: Needed,
  tenant: TenantId,
  { file, attachment }: Work,
  text: ExtractedText,
  signal: AbortSignal,
): Promise<NewChunk[]> {
  const { chunking, vectorStoreId, fileId, attributes } = attachment;
  const { maxChunkSizeTokens: maxTokens, chunkOverlapTokens: overlapTokens } = chunking;
  const document = { collection: vectorStoreId, documentId: fileId, source: file.filename, attributes };
  const pipeline = ingestion({ embedder, chunking: { maxTokens, overlapTokens } });
  return pipeline.prepare(document, text, chunks.forTenant(tenant), signal);
}

/** The row is held meanwhile: a file that is deleted during its ingestion leaves no chunk behind. */
async function complete(
  { db }: Needed,
  tenant: TenantId,
  ingestionId: string,
  chunks: readonly NewChunk[],
  signal: AbortSignal,
): Promise<void> {
  const replace = async (tx: TenantTx) => {
    const attachment = await vectorStoreFiles.lockInProgress(tx, ingestionId);
    if (!attachment) return;
    const { vectorStoreId: collection, fileId: documentId } = attachment;
    await tenantChunks(tx).replaceDocument({ collection, documentId }, chunks);
    await vectorStoreFiles.finish(tx, ingestionId, { status: 'completed', usageBytes: bytesOf(chunks) });
  };
  await asTenant(db, tenant, replace, signal);
}

/** Text and vectors, as stored. */
function bytesOf(chunks: readonly NewChunk[]): number {
  return chunks.reduce(
    (sum, { text, embedding }) => sum + Buffer.byteLength(text) + (embedding?.vector.length ?? 0) * 2,
    0,
  );
}

const FILE_FAULTS = ['encrypted', 'corrupt', 'empty', 'too_large', 'unsupported'] as const;

/** What a reader says of the file itself is a result; anything else stays an error, and may go away by itself. */
function fileFault(error: unknown): PackhouseError {
  if (PackhouseError.is(error, ...FILE_FAULTS)) return error;
  throw error;
}
