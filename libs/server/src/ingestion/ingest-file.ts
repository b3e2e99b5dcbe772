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
  generations,
  postgresBlobs,
  tenantChunks,
  vectorStoreFiles,
  vectorStores,
  type FileRow,
  type TenantTx,
  type VectorStoreFileRow,
} from '@packhouse/postgres';
import { embedBeside, writingEmbedders, type ModelEmbeddings } from '../generations/writing-embedders.js';
import type { Parts } from '../parts/parts.js';
import { whileWanted } from './while-wanted.js';

type Needed = Pick<Parts, 'db' | 'chunks' | 'embedders' | 'reader' | 'bringOver'>;

/**
 * Takes one file from `in_progress` to `completed` or `failed`: read, split, embed what is new, and replace the
 * document's chunks in the transaction that sets the status. A file that is no good fails at once; whatever else goes
 * wrong is thrown, for the queue to try again. One that is deleted, detached or cancelled meanwhile is let go.
 */
export function ingestFile(parts: Needed): JobHandler {
  return async ({ tenant, id, signal }) => {
    const isWanted = async () => (await findWork(parts, tenant, id)) !== undefined;
    await whileWanted(signal, isWanted, (wanted) => ingest(parts, tenant, id, wanted));
  };
}

async function ingest(parts: Needed, tenant: TenantId, id: string, signal: AbortSignal): Promise<void> {
  const found = await findWork(parts, tenant, id);
  if (!found) return;
  const text = await extract(parts, tenant, found.file, signal).catch(fileFault);
  if (PackhouseError.isInstance(text)) {
    const { code, message } = text;
    await asTenant(parts.db, tenant, (tx) => vectorStoreFiles.finish(tx, id, { status: 'failed', code, message }));
    return;
  }
  const prepared = await prepare(parts, tenant, found, text, signal);
  await complete(parts, tenant, id, prepared, signal);
  parts.bringOver(tenant);
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

async function extract(
  { db, reader }: Needed,
  tenant: TenantId,
  file: FileRow,
  signal: AbortSignal,
): Promise<ExtractedText> {
  const pieces: Uint8Array[] = [];
  for await (const piece of postgresBlobs(db).forTenant(tenant).get(file.fileId, signal)) pieces.push(piece);
  throwIfAborted(signal);
  const { filename, mediaType } = file;
  return reader.read({ filename, mediaType, bytes: Buffer.concat(pieces) }, signal);
}

/** A document's chunks with the vectors of one model, and what they need of others. */
interface Prepared {
  readonly chunks: readonly NewChunk[];
  readonly beside: readonly ModelEmbeddings[];
}

async function prepare(
  { db, chunks: store, embedders }: Needed,
  tenant: TenantId,
  { file, attachment }: Work,
  text: ExtractedText,
  signal: AbortSignal,
): Promise<Prepared> {
  const { chunking, vectorStoreId, fileId, attributes } = attachment;
  const { maxChunkSizeTokens: maxTokens, chunkOverlapTokens: overlapTokens } = chunking;
  const document = { collection: vectorStoreId, documentId: fileId, source: file.filename, attributes };
  const [embedder, ...others] = await writingEmbedders(db, embedders, tenant, signal);
  const pipeline = ingestion({ embedder, chunking: { maxTokens, overlapTokens } });
  const chunks = await pipeline.prepare(document, text, store.forTenant(tenant), signal);
  return { chunks, beside: await embedBeside(chunks, others, store.forTenant(tenant), signal) };
}

/** The row is held meanwhile: a file that is deleted during its ingestion leaves no chunk behind. */
async function complete(
  { db }: Needed,
  tenant: TenantId,
  ingestionId: string,
  { chunks, beside }: Prepared,
  signal: AbortSignal,
): Promise<void> {
  const replace = async (tx: TenantTx) => {
    const attachment = await vectorStoreFiles.lockInProgress(tx, ingestionId);
    if (!attachment) return;
    const { vectorStoreId: collection, fileId: documentId, attributes } = attachment;
    // They may have changed since the chunks were made.
    const described = chunks.map((chunk) => ({ ...chunk, attributes }));
    const language = (await vectorStores.get(tx, collection))?.language;
    await tenantChunks(tx).replaceDocument({ collection, documentId, ...(language && { language }) }, described);
    for (const { model, embeddings } of beside) await generations.put(tx, model, embeddings);
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
