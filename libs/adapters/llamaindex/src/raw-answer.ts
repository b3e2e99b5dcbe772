import { NO_USAGE, type FinishReason, type Usage } from '@packhouse/core';

/** Where providers count what a question and its answer took, in LlamaIndex's `raw`. */
const COUNTS = [
  ['usage', 'inputTokens', 'outputTokens'],
  ['usage', 'prompt_tokens', 'completion_tokens'],
  ['usage', 'input_tokens', 'output_tokens'],
  ['usageMetadata', 'promptTokenCount', 'candidatesTokenCount'],
] as const;

const LENGTH = ['length', 'max_tokens', 'MAX_TOKENS'];
const FILTERED = ['filtered', 'content_filter', 'refusal', 'SAFETY', 'PROHIBITED_CONTENT'];

/** The usage in a provider's raw answer; zero where it has none in a form known here. */
export function usageOf(raw: unknown): Usage {
  for (const [group, input, output] of COUNTS) {
    const usage = member(raw, group);
    const [inputTokens, outputTokens] = [member(usage, input), member(usage, output)];
    if (typeof inputTokens === 'number' && typeof outputTokens === 'number') return { inputTokens, outputTokens };
  }
  return NO_USAGE;
}

/** Why the model stopped, by a provider's raw answer; undefined where it does not say. */
export function finishOf(raw: unknown): FinishReason | undefined {
  const choice = first(member(raw, 'choices')) ?? first(member(raw, 'candidates'));
  const reasons = [
    member(raw, 'finish'),
    member(raw, 'stop_reason'),
    member(choice, 'finish_reason'),
    member(choice, 'finishReason'),
  ];
  const reason = reasons.find((each) => typeof each === 'string');
  if (reason === undefined) return undefined;
  return LENGTH.includes(reason) ? 'length' : FILTERED.includes(reason) ? 'filtered' : 'stop';
}

const first = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined);

function member(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[name] : undefined;
}
