/** Tokens spent on one answer, as the provider counted them; zero where nothing was sent to one. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0 };

/** Retrieved text. Providers that take documents get it so, the others as quoted data: never as instructions. */
export interface PassagePart {
  readonly type: 'passage';
  readonly chunkId: string;
  readonly source: string;
  readonly text: string;
}

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string | readonly (TextPart | PassagePart)[];
}

export interface ChatOptions {
  /** Upper bound of the answer, in tokens. */
  readonly maxTokens?: number;
  /** 0 (repeatable) to 2. */
  readonly temperature?: number;
  readonly signal?: AbortSignal;
}

/** Why the model stopped: on its own, at the token bound, or because its provider withheld the rest. */
export type FinishReason = 'stop' | 'length' | 'filtered';

export interface Completion {
  readonly text: string;
  readonly finish: FinishReason;
  readonly usage: Usage;
}

/** A stream is any number of `text` events and one `done`; `done.completion.text` is their texts joined. */
export type CompletionEvent =
  { readonly type: 'text'; readonly text: string } | { readonly type: 'done'; readonly completion: Completion };

/** A language model that chats. */
export interface ChatModel {
  readonly model: string;
  /** Question and answer together, in tokens. */
  readonly contextWindow: number;
  complete(messages: readonly ChatMessage[], options?: ChatOptions): Promise<Completion>;
  stream(messages: readonly ChatMessage[], options?: ChatOptions): AsyncIterable<CompletionEvent>;
}
