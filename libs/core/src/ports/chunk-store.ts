import type { Chunk, DocumentRef, Hit } from '../passage.js';
import type { Filter } from '../filter.js';
import type { TenantId } from '../tenant.js';
import type { Embedding } from './embedder.js';

/** Bounds of one search. */
export interface SearchOptions {
  /** Exactly so many hits where the tenant has them. */
  readonly limit: number;
  /** Only in these collections; all of the tenant's without it. */
  readonly collections?: readonly string[];
  /** Only chunks whose attributes pass. */
  readonly filter?: Filter;
  /** Only hits that score at least so much. */
  readonly minScore?: number;
}

/** Both halves of a hybrid question, and how much each counts. */
export interface HybridQuestion {
  readonly text: string;
  readonly embedding: Embedding;
  readonly weights: { readonly lexical: number; readonly dense: number };
}

/** A document to be stored. */
export interface NewDocument extends DocumentRef {
  /**
   * Its language as a BCP 47 tag, which says how its words are brought to terms; `zxx` (no linguistic content) for code
   * and identifiers. A store without lexical search ignores it. @default 'en'
   */
  readonly language?: string;
}

/** A chunk to be stored. Without an embedding it must be one the store holds, with its vector, already. */
export interface NewChunk extends Chunk {
  readonly embedding?: Embedding;
}

/** What a replacement did, in chunks. */
export interface Replacement {
  readonly added: number;
  readonly kept: number;
  readonly removed: number;
}

/** Chunks of many tenants. There is nothing to call without a tenant. */
export interface ChunkStore {
  readonly name: string;
  forTenant(tenant: TenantId): TenantStore;
}

/** One tenant's chunks; another tenant's cannot be named through it. */
export interface TenantStore {
  readonly tenant: TenantId;

  /** Nearest by cosine among vectors of the same model. Scores are cosines, -1 to 1. */
  nearest(embedding: Embedding, options: SearchOptions, signal?: AbortSignal): Promise<Hit[]>;

  /**
   * Best by BM25. Chunks that share no term with the text are not hits. A "phrase in quotes" must stand in a hit word for
   * word, in any case; a +term must be among a hit's terms; a text that ends in a question mark demands neither. Scores 0
   * to 1, see the store.
   */
  matching?(text: string, options: SearchOptions, signal?: AbortSignal): Promise<Hit[]>;

  /**
   * `matching` and `nearest` in one snapshot, merged by weighted reciprocal rank (k 60) over the 100 best of each, or four
   * times the limit where that is more. A chunk that one of them has not among these counts there as the next one.
   * Phrases and +terms bind both halves.
   */
  hybrid?(question: HybridQuestion, options: SearchOptions, signal?: AbortSignal): Promise<Hit[]>;

  /** Those that exist, in the order asked. */
  byIds(ids: readonly string[], signal?: AbortSignal): Promise<Chunk[]>;

  /** Which of these ids are stored with a vector of this model: the ones that need not be embedded again. */
  embedded(ids: readonly string[], model: string, signal?: AbortSignal): Promise<ReadonlySet<string>>;

  /**
   * Makes `chunks` all there is of a document, at once: readers see the old version or the new one.
   *
   * @throws PackhouseError `invalid_request` for a chunk of another document or an unknown one without a vector,
   *   `dimension_mismatch` for a vector of another length than its model's. Nothing is written then.
   */
  replaceDocument(document: NewDocument, chunks: readonly NewChunk[], signal?: AbortSignal): Promise<Replacement>;

  /** Returns how many chunks went. */
  deleteDocument(document: DocumentRef, signal?: AbortSignal): Promise<number>;
}
