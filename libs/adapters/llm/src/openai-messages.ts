import { PackhouseError, quotedPassage, type ChatMessage } from '@packhouse/core';

/** A message as every OpenAI-style server takes it: its content is one string. */
export interface OpenAIMessage {
  role: ChatMessage['role'];
  content: string;
}

/** @throws PackhouseError `invalid_request` for passages in a system message, where they would read as instructions */
export function openaiMessages(messages: readonly ChatMessage[]): OpenAIMessage[] {
  return messages.map(({ role, content }) => {
    if (typeof content === 'string') return { role, content };
    if (role === 'system' && content.some(({ type }) => type === 'passage')) {
      throw new PackhouseError('invalid_request', 'Passages are data: put them into a user message, not a system one.');
    }
    return {
      role,
      content: content.map((part) => (part.type === 'text' ? part.text : quotedPassage(part))).join('\n\n'),
    };
  });
}
