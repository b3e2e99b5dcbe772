import { z } from 'zod';

// What routes answer: our objects as OpenAI's clients know them. Times are in seconds since 1970.

const time = z.int();
const status = z.enum(['in_progress', 'completed', 'failed', 'cancelled']);
const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const span = z.object({ start: z.int(), end: z.int() });
const page = z.int().nullable();

const LAST_ERROR = z
  .object({
    code: z.string().describe('`encrypted`, `corrupt`, `empty`, `too_large`, `unsupported` or `server_error`'),
    message: z.string(),
  })
  .meta({ id: 'LastError' });

const FILE_COUNTS = z
  .object({ in_progress: z.int(), completed: z.int(), failed: z.int(), cancelled: z.int(), total: z.int() })
  .meta({ id: 'FileCounts' });

export const FILE = z
  .object({
    id: z.string(),
    object: z.literal('file'),
    bytes: z.int(),
    created_at: time,
    expires_at: time.nullable(),
    filename: z.string(),
    purpose: z.string(),
    status: z.enum(['uploaded', 'processed', 'error']),
    vector_store_id: z.string().optional(),
    last_error: LAST_ERROR.nullish(),
  })
  .meta({ id: 'File' });

export const VECTOR_STORE = z
  .object({
    id: z.string(),
    object: z.literal('vector_store'),
    created_at: time,
    last_active_at: time,
    name: z.string(),
    description: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
    language: z.string().describe('how words are searched, as a BCP 47 tag'),
    status: z.enum(['in_progress', 'completed', 'expired']),
    usage_bytes: z.int(),
    file_counts: FILE_COUNTS,
    expires_after: z.object({ anchor: z.literal('last_active_at'), days: z.int() }).nullable(),
    expires_at: time.nullable(),
  })
  .meta({ id: 'VectorStore' });

export const VECTOR_STORE_FILE = z
  .object({
    id: z.string().describe('the id of the file'),
    object: z.literal('vector_store.file'),
    created_at: time,
    vector_store_id: z.string(),
    status,
    last_error: LAST_ERROR.nullable(),
    usage_bytes: z.int(),
    attributes,
    chunking_strategy: z.object({
      type: z.literal('static'),
      static: z.object({ max_chunk_size_tokens: z.int(), chunk_overlap_tokens: z.int() }),
    }),
  })
  .meta({ id: 'VectorStoreFile' });

export const FILE_BATCH = z
  .object({
    id: z.string(),
    object: z.literal('vector_store.files_batch'),
    created_at: time,
    vector_store_id: z.string(),
    status,
    file_counts: FILE_COUNTS,
  })
  .meta({ id: 'VectorStoreFileBatch' });

export const FILE_TEXT = z
  .object({
    object: z.literal('vector_store.file_content.page'),
    data: z.array(z.object({ type: z.literal('text'), text: z.string() })),
    has_more: z.boolean(),
    next_page: z.string().nullable(),
  })
  .meta({ id: 'VectorStoreFileContent' });

export const SEARCH_RESULTS = z
  .object({
    object: z.literal('vector_store.search_results.page'),
    search_query: z.array(z.string()),
    data: z.array(
      z.object({
        file_id: z.string(),
        filename: z.string(),
        score: z.number(),
        attributes,
        content: z.array(z.object({ type: z.literal('text'), text: z.string() })),
        chunk_id: z.string(),
        page,
        span: span.describe('where the passage stands in the text of the file'),
      }),
    ),
    has_more: z.boolean(),
    next_page: z.string().nullable(),
  })
  .meta({ id: 'SearchResults' });

const CITATION = z
  .object({
    type: z.literal('file_citation'),
    file_citation: z.object({
      file_id: z.string(),
      filename: z.string(),
      page,
      quote: z.string().describe('word for word as in the file'),
      chunk_id: z.string(),
      span: span.describe('where the quote stands in the text of the file'),
      start_index: z.int().describe('where the cited words of the answer begin'),
      end_index: z.int(),
    }),
  })
  .meta({ id: 'FileCitation' });

const USAGE = z
  .object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() })
  .meta({ id: 'Usage' });

const completion = { id: z.string(), created: time, model: z.string() };

export const CHAT_COMPLETION = z
  .object({
    ...completion,
    object: z.literal('chat.completion'),
    choices: z.array(
      z.object({
        index: z.int(),
        message: z.object({
          role: z.literal('assistant'),
          content: z.string(),
          refusal: z.null(),
          annotations: z.array(CITATION),
        }),
        logprobs: z.null(),
        finish_reason: z.literal('stop'),
      }),
    ),
    usage: USAGE,
  })
  .meta({ id: 'ChatCompletion' });

/** One event of a stream, which ends with `[DONE]`. */
export const CHAT_COMPLETION_CHUNK = z
  .object({
    ...completion,
    object: z.literal('chat.completion.chunk'),
    choices: z.array(
      z.object({
        index: z.int(),
        delta: z.object({
          role: z.literal('assistant').optional(),
          content: z.string().optional(),
          annotations: z.array(CITATION).optional(),
        }),
        logprobs: z.null(),
        finish_reason: z.literal('stop').nullable(),
      }),
    ),
    usage: USAGE.nullish(),
  })
  .meta({ id: 'ChatCompletionChunk' });

export const MODEL = z
  .object({ id: z.string(), object: z.literal('model'), created: time, owned_by: z.string() })
  .meta({ id: 'Model' });

export const MODELS = z.object({ object: z.literal('list'), data: z.array(MODEL) }).meta({ id: 'Models' });

export const EMBEDDINGS_LIST = z
  .object({
    object: z.literal('list'),
    model: z.string(),
    data: z.array(
      z.object({
        object: z.literal('embedding'),
        index: z.int(),
        embedding: z
          .union([z.array(z.number()), z.string()])
          .describe('numbers or, as `encoding_format` asks, base64 of little-endian float32'),
      }),
    ),
    usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
  })
  .meta({ id: 'Embeddings' });

export const API_KEY = z
  .object({
    id: z.string(),
    object: z.literal('api_key'),
    name: z.string(),
    role: z.enum(['reader', 'writer', 'admin']),
    created_at: time,
    expires_at: time.nullable(),
    last_used_at: time.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const NEW_KEY = API_KEY.extend({ key: z.string().describe('shown this once, and kept nowhere') }).meta({
  id: 'NewApiKey',
});

const tokens = z.int().min(0);

export const USAGE_DAY = z
  .object({
    id: z.string().describe('a day of UTC, as 2026-11-26'),
    object: z.literal('usage.day'),
    input_tokens: tokens,
    output_tokens: tokens,
    results: z.array(
      z.object({
        model: z.string(),
        num_model_requests: z.int(),
        input_tokens: tokens,
        output_tokens: tokens,
        estimated_tokens: tokens.describe('of these, what the model’s provider did not count'),
      }),
    ),
  })
  .meta({ id: 'UsageDay' });

export const TOKEN_BUDGET = z
  .object({
    tokens_per_day: tokens.nullable().describe('null for no limit'),
    spent_tokens: tokens,
    reserved_tokens: tokens.describe('set aside for answers that are being given'),
    remaining_tokens: tokens.nullable(),
    resets_at: time.describe('when the next day of UTC begins'),
  })
  .meta({ id: 'TokenBudget' });

/** Bytes as they were uploaded. */
export const BYTES = { 'application/octet-stream': z.file() };

export const deleted = <Name extends string>(object: Name) =>
  z.object({ id: z.string(), object: z.literal(object), deleted: z.literal(true) });

/** A page of a list; the next begins after its `last_id`. */
export const listOf = (item: z.ZodType) =>
  z.object({
    object: z.literal('list'),
    data: z.array(item),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  });
