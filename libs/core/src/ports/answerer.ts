import type { Span } from '../passage.js';
import type { Usage } from './chat-model.js';
import type { Query } from './retriever.js';

/** One quote that carries a part of an answer. Its quote stands word for word in the chunk named. */
export interface Citation {
  readonly chunkId: string;
  readonly collection: string;
  readonly documentId: string;
  readonly source: string;
  /** The page the quote begins on, from 1; null for a document without pages. */
  readonly page: number | null;
  readonly quote: string;
  /** Where the quote stands in the document's extracted text, in code points. */
  readonly span: Span;
  /** The part of the answer that rests on it, in code points. */
  readonly cites: Span;
}

export interface Answer {
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly usage: Usage;
}

/** A stream is any number of `text` events and one `done`; their texts joined are the answer's text. */
export type AnswerEvent =
  { readonly type: 'text'; readonly text: string } | { readonly type: 'done'; readonly answer: Answer };

/** Answers a question from what it retrieves. Chat, SQL, routing and answering packs are these. */
export interface Answerer {
  readonly name: string;
  answer(query: Query, signal?: AbortSignal): Promise<Answer>;
  stream(query: Query, signal?: AbortSignal): AsyncIterable<AnswerEvent>;
}
