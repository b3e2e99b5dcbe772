import { PackhouseError } from '../errors.js';
import type { Cost, TenantBudget } from '../ports/budget.js';
import { NO_USAGE, type ChatMessage, type ChatModel, type ChatOptions, type Completion } from '../ports/chat-model.js';
import { estimateTokens } from '../text/estimate-tokens.js';

/**
 * A chat model that spends a tenant's budget. What a call may cost at most is reserved before the model is asked, and what
 * it did cost is settled once, however it ends: by its provider's count or, where none came, by an estimate of the question
 * and of what was heard of the answer. Without `maxTokens` an answer may fill the context window, and that is reserved.
 *
 * @param onReserved told when the model is about to be asked
 * @throws PackhouseError `insufficient_quota` before the model is asked; the budget's own, and the model's
 */
export function budgeted(chat: ChatModel, budget: TenantBudget, onReserved?: () => void): ChatModel {
  const { model, contextWindow } = chat;

  async function begin(messages: readonly ChatMessage[], { maxTokens, signal }: ChatOptions) {
    const inputTokens = estimateTokens(JSON.stringify(messages));
    const outputTokens = maxTokens ?? Math.max(0, contextWindow - inputTokens);
    const reservation = await budget.reserve({ model, inputTokens, outputTokens }, signal);
    onReserved?.();
    const heard: Heard = { text: '' };
    let settled: Promise<void> | undefined;
    const settle = () => (settled ??= reservation.settle(costOf(inputTokens, heard)));
    // A stream that nobody reads any more never comes to its end.
    const aborted = () => void settle().catch(() => undefined);
    signal?.addEventListener('abort', aborted);
    return {
      heard,
      settle,
      async end() {
        signal?.removeEventListener('abort', aborted);
        await settle();
      },
    };
  }

  return {
    model,
    contextWindow,
    async complete(messages, options = {}) {
      const { heard, end } = await begin(messages, options);
      try {
        return (heard.completion = await chat.complete(messages, options));
      } catch (error) {
        throw (heard.failure = error);
      } finally {
        await end();
      }
    },
    async *stream(messages, options = {}) {
      const { heard, settle, end } = await begin(messages, options);
      try {
        for await (const event of chat.stream(messages, options)) {
          if (event.type === 'text') heard.text += event.text;
          else heard.completion = event.completion;
          // Whoever has the whole answer finds it counted.
          if (event.type === 'done') await settle();
          yield event;
        }
      } catch (error) {
        throw (heard.failure = error);
      } finally {
        await end();
      }
    },
  };
}

/** What there was of an answer. */
interface Heard {
  text: string;
  completion?: Completion;
  failure?: unknown;
}

function costOf(inputTokens: number, { text, completion, failure }: Heard): Cost {
  const { usage = NO_USAGE } = completion ?? {};
  if (usage.inputTokens + usage.outputTokens > 0) return { ...usage, estimated: false };
  // Providers charge nothing for what they refused, or failed at before the first word.
  if (text === '' && PackhouseError.is(failure, 'provider_refused', 'provider_failed'))
    return { ...NO_USAGE, estimated: false };
  return { inputTokens, outputTokens: estimateTokens(completion?.text ?? text), estimated: true };
}
