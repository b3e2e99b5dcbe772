import { randomUUID } from 'node:crypto';
import type { Answer, AnswerEvent, Citation, Usage } from '@packhouse/core';

/** What all objects of one completion share. */
export interface CompletionHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

export function completionHead(model: string): CompletionHead {
  return { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model };
}

/** An answer as OpenAI's `chat.completion`. */
export function chatCompletion(head: CompletionHead, { text, citations, usage }: Answer) {
  const message = { role: 'assistant', content: text, refusal: null, annotations: citations.map(annotation) };
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: tokenUsage(usage),
  };
}

/**
 * An answer's stream as OpenAI's `chat.completion.chunk`s. Citations are known at the end and belong into the last
 * chunk with content, so each text waits until the next one comes.
 */
export async function* chatCompletionChunks(
  head: CompletionHead,
  events: AsyncIterable<AnswerEvent>,
  withUsage: boolean,
) {
  const chunk = (delta: object, finish: 'stop' | null = null) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(withUsage && { usage: null }),
  });
  yield chunk({ role: 'assistant', content: '' });
  let waiting = '';
  for await (const event of events) {
    if (event.type === 'text') {
      if (waiting) yield chunk({ content: waiting });
      waiting = event.text;
      continue;
    }
    yield chunk({ content: waiting, annotations: event.answer.citations.map(annotation) });
    yield chunk({}, 'stop');
    if (withUsage) {
      yield { ...head, object: 'chat.completion.chunk', choices: [], usage: tokenUsage(event.answer.usage) };
    }
  }
}

function annotation({ documentId, source, page, quote, chunkId, span, cites }: Citation) {
  return {
    type: 'file_citation',
    file_citation: {
      file_id: documentId,
      filename: source,
      page,
      quote,
      chunk_id: chunkId,
      span,
      start_index: cites.start,
      end_index: cites.end,
    },
  };
}

function tokenUsage({ inputTokens, outputTokens }: Usage) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}
