import type { ChatMessage as LlamaIndexMessage } from '@llamaindex/core/llms';
import { PackhouseError, quotedPassage, type ChatMessage } from '@packhouse/core';

/** @throws PackhouseError `invalid_request` for passages in a system message, where they would read as instructions */
export function toLlamaIndexMessages(messages: readonly ChatMessage[]): LlamaIndexMessage[] {
  return messages.map(({ role, content }) => {
    if (typeof content === 'string') return { role, content };
    if (role === 'system' && content.some(({ type }) => type === 'passage')) {
      throw new PackhouseError('invalid_request', 'Passages are data: put them into a user message, not a system one.');
    }
    const texts = content.map((part) => (part.type === 'text' ? part.text : quotedPassage(part)));
    return { role, content: texts.join('\n\n') };
  });
}

/** `developer` and `memory` messages become system ones. @throws PackhouseError `unsupported` for parts other than text */
export function fromLlamaIndexMessages(messages: readonly LlamaIndexMessage[]): ChatMessage[] {
  return messages.map(({ role, content }) => ({
    role: role === 'user' || role === 'assistant' ? role : 'system',
    content: typeof content === 'string' ? content : content.map((part) => ({ type: 'text', text: textOf(part) })),
  }));
}

function textOf(part: Exclude<LlamaIndexMessage['content'], string>[number]): string {
  if (part.type === 'text') return part.text;
  throw new PackhouseError('unsupported', `This model takes text; the message holds a part of type ${part.type}.`);
}
