import { pageAt, type BudgetToday, type Hit } from '@packhouse/core';
import type {
  ApiKeyRow,
  FileCounts,
  FileRow,
  IngestionStatus,
  ModelUsage,
  Page,
  UsageDay,
  VectorStoreFileRow,
} from '@packhouse/postgres';
import type { FileBatch } from '../library/file-batches.js';
import type { EmbeddedTexts } from '../library/embed-texts.js';
import type { VectorStore } from '../library/vector-stores.js';
import type { EmbeddingsRequest } from './bodies.js';

// Our rows as OpenAI's objects. Times are in seconds since 1970.

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

export function fileObject(file: FileRow, attachment?: VectorStoreFileRow) {
  const { fileId, filename, purpose, bytes, createdAt, expiresAt } = file;
  return {
    id: fileId,
    object: 'file',
    bytes,
    created_at: seconds(createdAt),
    expires_at: expiresAt && seconds(expiresAt),
    filename,
    purpose,
    status: 'uploaded',
    ...(attachment && attachedAs(attachment)),
  };
}

export type FileObject = ReturnType<typeof fileObject>;

/** What an attachment adds to its file. */
export function attachedAs(attachment: VectorStoreFileRow) {
  return {
    status: FILE_STATUS[attachment.status] ?? 'uploaded',
    vector_store_id: attachment.vectorStoreId,
    last_error: lastError(attachment),
  };
}

const FILE_STATUS: Readonly<Partial<Record<IngestionStatus, string>>> = { completed: 'processed', failed: 'error' };

function lastError({ lastErrorCode, lastErrorMessage }: VectorStoreFileRow) {
  return lastErrorCode === null ? null : { code: lastErrorCode, message: lastErrorMessage };
}

const fileCounts = ({ inProgress, completed, failed, cancelled, total }: FileCounts) => ({
  in_progress: inProgress,
  completed,
  failed,
  cancelled,
  total,
});

export function vectorStoreObject(store: VectorStore) {
  const { vectorStoreId, name, description, metadata, language, counts } = store;
  const { createdAt, lastActiveAt, expiresAfterDays, expiresAt } = store;
  return {
    id: vectorStoreId,
    object: 'vector_store',
    created_at: seconds(createdAt),
    last_active_at: seconds(lastActiveAt),
    name: name ?? '',
    description,
    metadata,
    language,
    status: storeStatus(store),
    usage_bytes: counts.usageBytes,
    file_counts: fileCounts(counts),
    expires_after: expiresAfterDays === null ? null : { anchor: 'last_active_at', days: expiresAfterDays },
    expires_at: expiresAt && seconds(expiresAt),
  };
}

function storeStatus({ expired, counts }: VectorStore) {
  if (expired) return 'expired';
  return counts.inProgress > 0 ? 'in_progress' : 'completed';
}

export function vectorStoreFileObject(row: VectorStoreFileRow) {
  return {
    id: row.fileId,
    object: 'vector_store.file',
    created_at: seconds(row.createdAt),
    vector_store_id: row.vectorStoreId,
    status: row.status,
    last_error: lastError(row),
    usage_bytes: row.usageBytes,
    attributes: row.attributes,
    chunking_strategy: {
      type: 'static',
      static: {
        max_chunk_size_tokens: row.chunking.maxChunkSizeTokens,
        chunk_overlap_tokens: row.chunking.chunkOverlapTokens,
      },
    },
  };
}

export function fileBatchObject({ batchId, vectorStoreId, createdAt, cancelledAt, counts }: FileBatch) {
  return {
    id: batchId,
    object: 'vector_store.files_batch',
    created_at: seconds(createdAt),
    vector_store_id: vectorStoreId,
    status: batchStatus(cancelledAt, counts),
    file_counts: fileCounts(counts),
  };
}

function batchStatus(cancelledAt: Date | null, { inProgress, failed, total }: FileCounts) {
  if (cancelledAt) return 'cancelled';
  if (inProgress > 0) return 'in_progress';
  return total > 0 && failed === total ? 'failed' : 'completed';
}

export function apiKeyObject({ keyId, name, role, createdAt, expiresAt, lastUsedAt }: ApiKeyRow) {
  return {
    id: keyId,
    object: 'api_key',
    name,
    role,
    created_at: seconds(createdAt),
    expires_at: expiresAt && seconds(expiresAt),
    last_used_at: lastUsedAt && seconds(lastUsedAt),
  };
}

export function usageDayObject({ day, models }: UsageDay) {
  const total = (tokens: 'inputTokens' | 'outputTokens') => models.reduce((sum, model) => sum + model[tokens], 0);
  return {
    id: day,
    object: 'usage.day',
    input_tokens: total('inputTokens'),
    output_tokens: total('outputTokens'),
    results: models.map(modelUsage),
  };
}

const modelUsage = ({ model, calls, inputTokens, outputTokens, estimatedTokens }: ModelUsage) => ({
  model,
  num_model_requests: calls,
  input_tokens: inputTokens,
  output_tokens: outputTokens,
  estimated_tokens: estimatedTokens,
});

export function budgetObject({ limit, spent, reserved, resetsAt }: BudgetToday) {
  return {
    tokens_per_day: limit,
    spent_tokens: spent,
    reserved_tokens: reserved,
    remaining_tokens: limit === null ? null : Math.max(0, limit - spent - reserved),
    resets_at: seconds(resetsAt),
  };
}

export function searchResults(queries: readonly string[], hits: readonly Hit[]) {
  return {
    object: 'vector_store.search_results.page',
    search_query: queries,
    data: hits.map(searchResult),
    has_more: false,
    next_page: null,
  };
}

function searchResult({ chunk, score }: Hit) {
  return {
    file_id: chunk.documentId,
    filename: chunk.source,
    score,
    attributes: chunk.attributes,
    content: [{ type: 'text', text: chunk.text }],
    chunk_id: chunk.id,
    page: pageAt(chunk.pages, chunk.span.start),
    span: chunk.span,
  };
}

export function embeddingsObject(
  model: string,
  format: EmbeddingsRequest['encoding_format'],
  { vectors, tokens }: EmbeddedTexts,
) {
  const encode = format === 'base64' ? base64 : (vector: Float32Array) => [...vector];
  return {
    object: 'list',
    model,
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encode(vector) })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Four bytes a number, the least of them first whatever the machine's order. */
function base64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString('base64');
}

export function listObject<Row, Item extends { id: string }>({ data, hasMore }: Page<Row>, item: (row: Row) => Item) {
  const items = data.map((row) => item(row));
  return {
    object: 'list',
    data: items,
    first_id: items[0]?.id ?? null,
    last_id: items.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}
