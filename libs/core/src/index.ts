export { abortError, throwIfAborted } from './abort.js';
export { ERROR_CODES, PackhouseError, type ErrorCode, type ErrorDetails } from './errors.js';
export { budgeted } from './models/budgeted.js';
export { insufficientQuota } from './models/insufficient-quota.js';
export {
  parseFilter,
  passes,
  type Comparison,
  type Compound,
  type Difference,
  type Filter,
  type Membership,
} from './filter.js';
export {
  pageAt,
  type Attributes,
  type Chunk,
  type DocumentRef,
  type ExtractedText,
  type Hit,
  type PageStart,
  type Span,
} from './passage.js';
export type { Answer, AnswerEvent, Answerer, Citation } from './ports/answerer.js';
export type { BlobStore, TenantBlobs } from './ports/blob-store.js';
export type {
  Budget,
  BudgetLimits,
  BudgetToday,
  Cost,
  PlannedCall,
  Reservation,
  TenantBudget,
} from './ports/budget.js';
export {
  NO_USAGE,
  type ChatMessage,
  type ChatModel,
  type ChatOptions,
  type Completion,
  type CompletionEvent,
  type FinishReason,
  type PassagePart,
  type TextPart,
  type Usage,
} from './ports/chat-model.js';
export type {
  ChunkStore,
  HybridQuestion,
  NewChunk,
  NewDocument,
  Replacement,
  SearchOptions,
  TenantStore,
} from './ports/chunk-store.js';
export type { Embedder, Embedding, EmbeddingKind } from './ports/embedder.js';
export type { Job, JobHandler, JobQueue, RunningJob } from './ports/job-queue.js';
export type { Reader, SourceFile } from './ports/reader.js';
export type { Reranker } from './ports/reranker.js';
export type { Query, Retriever } from './ports/retriever.js';
export { dense } from './retrievers/dense.js';
export { hybrid, HYBRID_WEIGHTS } from './retrievers/hybrid.js';
export { lexical } from './retrievers/lexical.js';
export { reranked, type RerankedOptions } from './retrievers/reranked.js';
export { tenantId, type TenantId } from './tenant.js';
export { codePointIndex, codePointLength, sliceCodePoints } from './text/code-points.js';
export { demandsOf, phraseFinder, type Demands } from './text/demands.js';
export { estimateTokens } from './text/estimate-tokens.js';
export { quotedPassage } from './text/quoted-passage.js';
export { sentences, type Sentence } from './text/sentences.js';
export { words } from './text/words.js';
