import type { Filter } from '@packhouse/core';
import { z } from 'zod';
import { DEFAULT_PACK } from '../parts/packs.js';

const id = z.string().min(1).max(128);
const name = z.string().max(256);
const description = z.string().max(512);

/** OpenAI's bounds: 16 pairs, keys to 64 characters, texts to 512. */
const pairs = <Value extends z.ZodType>(value: Value) =>
  z
    .record(z.string().min(1).max(64), value)
    .refine((record) => Object.keys(record).length <= 16, 'holds at most 16 pairs');

/** Checked where it is kept. */
const language = z.string().min(2).max(64);

const scalar = z.union([z.string().max(512), z.number(), z.boolean()], {
  error: 'is a boolean, a number or a text of at most 512 characters',
});

const metadata = pairs(z.string().max(512));
const attributes = pairs(scalar);

const expiresAfter = z.strictObject({
  anchor: z.literal('last_active_at'),
  days: z.number().int().min(1).max(365),
});

/** As OpenAI has it: an hour to thirty days. */
const fileExpiresAfter = z.strictObject({
  anchor: z.literal('created_at'),
  seconds: z.coerce.number().int().min(3_600).max(2_592_000),
});

/** As core bounds filters from outside. */
const MAX_FILTER_DEPTH = 8;
const MAX_FILTERS = 100;

const key = z.string().min(1).max(64);
const comparison = z.strictObject({ type: z.enum(['eq', 'ne', 'gt', 'gte', 'lt', 'lte']), key, value: scalar });
const membership = z.strictObject({ type: z.enum(['in', 'nin']), key, value: z.array(scalar).min(1).max(1_000) });
const TYPES = 'is one of eq, ne, gt, gte, lt, lte, in, nin, and, or';

/** OpenAI's comparison and compound filters, these so deep within each other. */
const filterWithin = (depth: number): z.ZodType<Filter> => {
  if (depth === 1) {
    return z.discriminatedUnion('type', [comparison, membership], {
      error: `${TYPES}; the last two within each other ${MAX_FILTER_DEPTH} deep at most`,
    });
  }
  const filters = z
    .array(filterWithin(depth - 1))
    .min(1)
    .max(MAX_FILTERS);
  const compound = z.strictObject({ type: z.enum(['and', 'or']), filters });
  return z.discriminatedUnion('type', [comparison, membership, compound], { error: TYPES });
};

const filterCount = (filter: Filter): number =>
  'filters' in filter ? filter.filters.reduce((sum, each) => sum + filterCount(each), 1) : 1;

const filters = filterWithin(MAX_FILTER_DEPTH).refine(
  (filter) => filterCount(filter) <= MAX_FILTERS,
  `has at most ${MAX_FILTERS} parts`,
);

/** How much each kind of search counts. */
const weight = z.number().min(0).max(1_000);

const rankingOptions = z.strictObject({
  /** Taken and without effect: there is one ranker. */
  ranker: z.enum(['none', 'auto', 'default-2024-11-15']).optional(),
  score_threshold: z.number().min(0).max(1).optional(),
  hybrid_search: z
    .strictObject({ embedding_weight: weight, text_weight: weight })
    .refine((weights) => weights.embedding_weight + weights.text_weight > 0, 'has one weight above 0 at least')
    .optional(),
});

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

/** A field of a form that holds JSON. */
const json = <Value extends z.ZodType>(value: Value) =>
  z
    .string()
    .transform((text, context) => {
      try {
        // A key that objects take for something else, and schemas leave out without a word.
        return JSON.parse(text, (name, member: unknown) => (name === '__proto__' ? forbid(name) : member)) as unknown;
      } catch (error) {
        context.addIssue({ code: 'custom', message: `is JSON: ${(error as Error).message}` });
        return z.NEVER;
      }
    })
    .pipe(value);

const forbid = (name: string): never => {
  throw new Error(`${name} is no name that can be kept`);
};

export const UPLOAD_FIELDS = z
  .object({
    purpose: z.enum(['assistants', 'user_data']).default('assistants'),
    expires_after: fileExpiresAfter.optional(),
    vector_store_id: id.optional(),
    attributes: json(attributes).optional(),
    chunking_strategy: json(chunkingStrategy).optional(),
  })
  .refine(({ vector_store_id, attributes }) => vector_store_id || !attributes, {
    path: ['attributes'],
    message: 'need a vector_store_id: they belong to a file in a store',
  })
  .refine(({ vector_store_id, chunking_strategy }) => vector_store_id || !chunking_strategy, {
    path: ['chunking_strategy'],
    message: 'needs a vector_store_id: files are cut for a store',
  });

export const NEW_VECTOR_STORE = z.object({
  name: name.default(''),
  description: description.nullish(),
  metadata: metadata.nullish(),
  language: language.optional(),
  expires_after: expiresAfter.nullish(),
  file_ids: z.array(id).max(500).default([]),
  chunking_strategy: chunkingStrategy.optional(),
});

/** Strict: a change that this server cannot make must not seem to have been made. */
export const VECTOR_STORE_CHANGES = z.strictObject({
  name: name.nullish(),
  description: description.nullish(),
  metadata: metadata.nullish(),
  expires_after: expiresAfter.nullish(),
});

export const ATTACHMENT_CHANGES = z.strictObject({ attributes: attributes.nullable() });

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
  filters: filters.nullish(),
  ranking_options: rankingOptions.nullish(),
  /** Taken and without effect: OpenAI's own rewriting of questions. */
  rewrite_query: z.literal(false).optional(),
});

/**
 * A place in a list of ids that begin so. It need not be there any more: what others delete meanwhile, or what is another
 * tenant's, is a place all the same.
 */
const page = (prefix: string) =>
  pageBy(z.string().regex(new RegExp(`^${prefix}[0-9a-z]{24}$`), `is an id of this list, ${prefix}...`));

const pageBy = (cursor: z.ZodType<string>) =>
  z.object({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    order: z.enum(['asc', 'desc']).default('desc'),
    after: cursor.optional(),
    before: cursor.optional(),
  });

export const FILE_PAGE = page('file-').extend({ purpose: z.string().max(64).optional() });

export const VECTOR_STORE_PAGE = page('vs_');

export const API_KEY_PAGE = page('key_');

export const USAGE_PAGE = pageBy(z.iso.date('is a day of this list, as 2026-11-26'));

export const ATTACHMENT_PAGE = page('file-').extend({
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
  filters: filters.nullish(),
  ranking_options: rankingOptions.nullish(),
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

/** Characters in one text, and in all of a request: some 8,000 and 250,000 tokens of prose. */
const MAX_TEXT = 32_768;
const MAX_TEXTS = 1_000_000;

const embedded = z.string().min(1).max(MAX_TEXT);

export const EMBEDDINGS = z.object({
  model: z.string().min(1).max(256),
  input: z
    .union([embedded, z.array(embedded).min(1).max(2_048)], {
      error: (issue) => inputFault(issue.input),
    })
    .refine(
      (input) => [input].flat().reduce((sum, text) => sum + text.length, 0) <= MAX_TEXTS,
      `has at most ${MAX_TEXTS} characters in all`,
    ),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  dimensions: z.number().int().min(1).optional(),
});

function inputFault(input: unknown): string {
  if (Array.isArray(input) && input.flat().some((part) => typeof part === 'number'))
    return 'is text: lists of tokens are not taken, because each model has tokens of its own';
  return `is a text of 1 to ${MAX_TEXT} characters, or a list of 1 to 2048 of them`;
}

export type ApiKeyPage = z.output<typeof API_KEY_PAGE>;
export type Attachment = z.output<typeof ATTACHMENT>;
export type AttachmentChanges = z.output<typeof ATTACHMENT_CHANGES>;
export type AttachmentPage = z.output<typeof ATTACHMENT_PAGE>;
export type ChatRequest = z.output<typeof CHAT>;
export type ChunkingStrategy = z.output<typeof chunkingStrategy>;
export type NewApiKeyBody = z.output<typeof NEW_API_KEY>;
export type EmbeddingsRequest = z.output<typeof EMBEDDINGS>;
export type FilePage = z.output<typeof FILE_PAGE>;
export type FileSearch = z.output<typeof fileSearch>;
export type NewFileBatch = z.output<typeof NEW_FILE_BATCH>;
export type NewVectorStore = z.output<typeof NEW_VECTOR_STORE>;
export type RankingOptions = z.output<typeof rankingOptions>;
export type SearchRequest = z.output<typeof SEARCH>;
export type UploadFields = z.output<typeof UPLOAD_FIELDS>;
export type UsagePage = z.output<typeof USAGE_PAGE>;
export type VectorStoreChanges = z.output<typeof VECTOR_STORE_CHANGES>;
export type VectorStorePage = z.output<typeof VECTOR_STORE_PAGE>;
