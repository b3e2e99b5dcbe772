import { wrapLLMEvent } from '@llamaindex/core/decorator';
import {
  BaseLLM,
  type ChatResponse,
  type ChatResponseChunk,
  type LLMChatParamsNonStreaming,
  type LLMChatParamsStreaming,
  type LLMMetadata,
} from '@llamaindex/core/llms';
import { PackhouseError, type ChatModel, type ChatOptions, type CompletionEvent } from '@packhouse/core';
import { fromLlamaIndexMessages } from './llm-messages.js';

type Params = LLMChatParamsStreaming<ChatOptions> | LLMChatParamsNonStreaming<ChatOptions>;
type Chat = (params: Params) => Promise<Response>;
type Response = ChatResponse | AsyncIterable<ChatResponseChunk>;

/**
 * A chat model of ours for LlamaIndex's engines. Our `ChatOptions` (signal, maxTokens, temperature) are taken as
 * `additionalChatOptions`. The completion, with its usage, is `raw` of the answer and of a stream's last piece.
 *
 * @throws PackhouseError `unsupported` by a call with tools, a response format or parts that are not text
 */
export function toLlamaIndexLLM(chat: ChatModel): BaseLLM<ChatOptions> {
  return new PackhouseLLM(chat);
}

class PackhouseLLM extends BaseLLM<ChatOptions> {
  readonly metadata: LLMMetadata;
  readonly #chat: Chat;

  constructor(chat: ChatModel) {
    super();
    this.metadata = {
      model: chat.model,
      contextWindow: chat.contextWindow,
      // The provider's own; LlamaIndex shows them in traces and does not send them.
      temperature: 1,
      topP: 1,
      tokenizer: undefined,
      structuredOutput: false,
    };
    // A decorator by trade, used as the function it is: it sends llm-start, llm-stream and llm-end.
    this.#chat = wrapLLMEvent((params: Params) => answer(chat, params), undefined as never) as Chat;
  }

  chat(params: LLMChatParamsStreaming<ChatOptions>): Promise<AsyncIterable<ChatResponseChunk>>;
  chat(params: LLMChatParamsNonStreaming<ChatOptions>): Promise<ChatResponse>;
  chat(params: Params): Promise<Response> {
    return this.#chat(params);
  }
}

async function answer(chat: ChatModel, params: Params): Promise<Response> {
  refuseBeyondText(params);
  const messages = fromLlamaIndexMessages(params.messages);
  if (params.stream) return pieces(chat.stream(messages, params.additionalChatOptions));
  const completion = await chat.complete(messages, params.additionalChatOptions);
  return { message: { role: 'assistant', content: completion.text }, raw: completion };
}

/** Rather than to leave them out unsaid: an agent without its tools would make up what they return. */
function refuseBeyondText({ tools = [], responseFormat }: Params): void {
  if (tools.length === 0 && responseFormat === undefined) return;
  throw new PackhouseError('unsupported', 'This model answers in text: it takes no tools and no response format.');
}

async function* pieces(events: AsyncIterable<CompletionEvent>): AsyncGenerator<ChatResponseChunk> {
  for await (const event of events) {
    yield event.type === 'text' ? { delta: event.text, raw: null } : { delta: '', raw: event.completion };
  }
}
