import { z } from 'zod';
import { DEFAULT_PACK } from '../parts/packs.js';

const id = z.string().min(1).max(128);
const name = z.string().max(256);

/** OpenAI's bounds: 16 pairs, keys to 64 characters, texts to 512. */
const pairs = <Value extends z.ZodType>(value: Value) =>
  z
    .record(z.string().min(1).max(64), value)
    .refine((record) => Object.keys(record).length <= 16, 'holds at most 16 pairs');

/** Checked where it is kept. */
const language = z.string().min(2).max(64);

const metadata = pairs(z.string().max(512));
const attributes = pairs(z.union([z.string().max(512), z.number(), z.boolean()]));

const chunkingStrategy = z.discriminatedUnion('type', [
  z.object({ type: z.literal('auto') }),
  z.object({
    type: z.literal('static'),
    static: z
      .object({
        max_chunk_size_tokens: z.number().int().min(100).max(4096),
        chunk_overlap_tokens: z.number().int().min(0),
      })
      .refine(({ max_chunk_size_tokens: max, chunk_overlap_tokens: overlap }) => overlap <= max / 2, {
        path: ['chunk_overlap_tokens'],
        message: 'is at most half of max_chunk_size_tokens',
      }),
  }),
]);

export const UPLOAD_FIELDS = z.object({
  purpose: z.enum(['assistants', 'user_data']).default('assistants'),
  vector_store_id: id.optional(),
});

export const NEW_VECTOR_STORE = z.object({
  name: name.default(''),
  metadata: metadata.nullish(),
  language: language.optional(),
  file_ids: z.array(id).max(500).default([]),
  chunking_strategy: chunkingStrategy.optional(),
});

export const ATTACHMENT = z.object({
  file_id: id,
  attributes: attributes.nullish(),
  chunking_strategy: chunkingStrategy.optional(),
});

export const NEW_FILE_BATCH = z
  .object({
    file_ids: z.array(id).max(500).optional(),
    files: z.array(ATTACHMENT).max(500).optional(),
    attributes: attributes.nullish(),
    chunking_strategy: chunkingStrategy.optional(),
  })
  .refine(({ file_ids, files }) => (file_ids?.length ?? 0) + (files?.length ?? 0) > 0, 'needs file_ids or files');

/** Strict: a filter that this server does not know must not widen a search by being left out. */
export const SEARCH = z.strictObject({
  query: z.union([z.string().min(1).max(10_000), z.array(z.string().min(1).max(10_000)).min(1).max(10)]),
  max_num_results: z.number().int().min(1).max(50).default(10),
  /** Taken and without effect: OpenAI's own rewriting of questions. */
  rewrite_query: z.literal(false).optional(),
});

export const PAGE = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: id.optional(),
  before: id.optional(),
});

export const ATTACHMENT_PAGE = PAGE.extend({
  filter: z.enum(['in_progress', 'completed', 'failed', 'cancelled']).optional(),
});

const contentPart = z.object({ type: z.string(), text: z.string().optional() });

const chatMessage = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(contentPart)]).nullish(),
});

const fileSearch = z.strictObject({
  type: z.literal('file_search'),
  vector_store_ids: z.array(id).min(1).max(100).optional(),
  max_num_results: z.number().int().min(1).max(50).optional(),
});

export const CHAT = z.object({
  model: z.string().max(128).default(DEFAULT_PACK),
  messages: z.array(chatMessage).min(1).max(1_000),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  tools: z.array(fileSearch).max(1).optional(),
});

/** Strict: who means to bound a key must not get an unbounded one for a slip of the pen. */
export const NEW_API_KEY = z.strictObject({
  name: name.min(1),
  role: z.enum(['reader', 'writer', 'admin']).default('reader'),
  /** In seconds since 1970. */
  expires_at: z
    .number()
    .int()
    .max(253_402_300_799)
    .refine((seconds) => seconds * 1000 > Date.now(), 'is in the past')
    .nullish(),
});

export type Attachment = z.output<typeof ATTACHMENT>;
export type AttachmentPage = z.output<typeof ATTACHMENT_PAGE>;
export type ChatRequest = z.output<typeof CHAT>;
export type ChunkingStrategy = z.output<typeof chunkingStrategy>;
export type NewApiKeyBody = z.output<typeof NEW_API_KEY>;
export type NewFileBatch = z.output<typeof NEW_FILE_BATCH>;
export type NewVectorStore = z.output<typeof NEW_VECTOR_STORE>;
export type PageQuery = z.output<typeof PAGE>;
export type SearchRequest = z.output<typeof SEARCH>;
export type UploadFields = z.output<typeof UPLOAD_FIELDS>;
