import { throwIfAborted } from '../../abort.js';
import { PackhouseError } from '../../errors.js';
import type { ChatMessage, ChatModel, ChatOptions, Completion, FinishReason } from '../../ports/chat-model.js';
import { words } from '../../text/words.js';

/** What the model says: one answer a call, in order, or an answer made from what it was told. */
export type Script = readonly string[] | ((messages: readonly ChatMessage[]) => string);

export interface ScriptedChatOptions {
  /** In tokens; a word is one. @default 8192 */
  contextWindow?: number;
  /** @default 'stop' */
  finish?: FinishReason;
  /** How an answer comes in when it is streamed; joined, the pieces must be the answer. @default word by word */
  pieces?: (answer: string) => readonly string[];
}

/** One call that a scripted model was sent. */
export interface RecordedCall {
  readonly messages: readonly ChatMessage[];
  readonly options: ChatOptions;
}

/** A chat model that says what it is told to, and remembers in `calls` what it was asked. */
export function scriptedChat(
  script: Script,
  { contextWindow = 8192, finish = 'stop', pieces = wordByWord }: ScriptedChatOptions = {},
): ChatModel & { readonly calls: readonly RecordedCall[] } {
  const calls: RecordedCall[] = [];

  function complete(messages: readonly ChatMessage[], options: ChatOptions): Completion {
    throwIfAborted(options.signal);
    calls.push({ messages, options });
    const text = typeof script === 'function' ? script(messages) : script[calls.length - 1];
    if (text === undefined) throw new PackhouseError('provider_failed', `The script has no answer ${calls.length}.`);
    return { text, finish, usage: { inputTokens: countWords(messages), outputTokens: words(text).length } };
  }

  return {
    model: 'scripted',
    contextWindow,
    calls,
    complete: async (messages, options = {}) => complete(messages, options),
    async *stream(messages, options = {}) {
      const completion = complete(messages, options);
      for (const text of pieces(completion.text)) {
        throwIfAborted(options.signal);
        yield { type: 'text', text };
      }
      throwIfAborted(options.signal);
      yield { type: 'done', completion };
    },
  };
}

const wordByWord = (answer: string) => answer.match(/\s*\S+\s*$|\s*\S+/g) ?? [answer];

function countWords(messages: readonly ChatMessage[]): number {
  const texts = messages.flatMap(({ content }) =>
    typeof content === 'string' ? [content] : content.map(({ text }) => text),
  );
  return texts.reduce((total, text) => total + words(text).length, 0);
}
