import type { ChatMessage, ChatOptions } from '@packhouse/core';
import { openaiMessages, type OpenAIMessage } from './openai-messages.js';

export interface OpenAIRequest {
  model: string;
  messages: OpenAIMessage[];
  temperature?: number;
  max_tokens?: number;
  max_completion_tokens?: number;
}

type Bounds = Omit<ChatOptions, 'signal'>;

export function openaiRequest(
  baseUrl: string,
  model: string,
  messages: readonly ChatMessage[],
  { maxTokens, temperature }: Bounds,
): OpenAIRequest {
  return {
    model,
    messages: openaiMessages(messages),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { [tokenBound(baseUrl)]: maxTokens }),
  };
}

/**
 * OpenAI's reasoning models refuse `max_tokens`; Ollama takes `max_completion_tokens` and then ignores it without a word
 * (https://github.com/ollama/ollama/issues/7125), and `max_tokens` is what other servers have in common.
 */
function tokenBound(baseUrl: string): 'max_tokens' | 'max_completion_tokens' {
  const isOpenAI = /(^|\.)openai(\.azure)?\.com$/.test(new URL(baseUrl).hostname);
  return isOpenAI ? 'max_completion_tokens' : 'max_tokens';
}
