import type { FinishReason, Usage } from '@packhouse/core';

const ID = { id: 'chatcmpl-scripted', created: 1_700_000_000, system_fingerprint: 'fp_scripted' };
const FINISH = { stop: 'stop', length: 'length', filtered: 'content_filter' } as const;

/** The body of an answer that is not streamed. */
export function completionBody(model: string, text: string, finish: FinishReason, usage: Usage): object {
  const message = { role: 'assistant', content: text, refusal: null, annotations: [] };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: FINISH[finish] }];
  return { ...ID, object: 'chat.completion', model, choices, usage: usageBody(usage) };
}

/** One server-sent event that carries a piece of the answer; the first one carries the role. */
export const pieceEvent = (model: string, delta: object): string => chunkEvent(model, [choice(delta, null)]);

/** What comes after the last piece: why the answer ended, its usage where asked for, and the end of the stream. */
export function closingEvents(model: string, finish: FinishReason, usage: Usage | undefined): string {
  const counted = usage ? chunkEvent(model, [], usageBody(usage)) : '';
  return `${chunkEvent(model, [choice({}, FINISH[finish])])}${counted}data: [DONE]\n\n`;
}

export function errorBody(status: number, message: string): object {
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  return { error: { message, type, param: null, code: null } };
}

const choice = (delta: object, finish_reason: string | null) => ({ index: 0, delta, logprobs: null, finish_reason });

function chunkEvent(model: string, choices: readonly object[], usage: object | null = null): string {
  return `data: ${JSON.stringify({ ...ID, object: 'chat.completion.chunk', model, choices, usage })}\n\n`;
}

function usageBody({ inputTokens, outputTokens }: Usage): object {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}
