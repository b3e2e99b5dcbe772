import { NO_USAGE, PackhouseError, type Completion, type FinishReason, type Usage } from '@packhouse/core';
import type { OpenAI } from 'openai';

type CompletionBody = OpenAI.ChatCompletion;
type Chunk = OpenAI.ChatCompletionChunk;

/** @throws PackhouseError `provider_failed` for a body that is no completion */
export function completionOf(body: CompletionBody): Completion {
  // What answered may be no such API, but a web page: the client hands over whatever came with a 200.
  const choice = (body as Partial<CompletionBody> | undefined)?.choices?.[0];
  const finish = finishOf(choice?.finish_reason);
  if (!choice || !finish) {
    throw new PackhouseError('provider_failed', 'The answer is no chat completion: check OPENAI_BASE_URL.');
  }
  return { text: choice.message.content ?? '', finish, usage: usageOf(body.usage) };
}

/** Gathers a streamed answer. */
export interface StreamedAnswer {
  /** Takes the next chunk and returns its text, which may be empty. */
  add(chunk: Chunk): string;
  /** @throws PackhouseError `provider_failed` where the stream was cut before its end */
  end(): Completion;
}

export function completionOfStream(): StreamedAnswer {
  const texts: string[] = [];
  let finish: FinishReason | undefined;
  let usage = NO_USAGE;
  return {
    add({ choices: [choice], usage: counted }) {
      finish = finishOf(choice?.finish_reason) ?? finish;
      if (counted) usage = usageOf(counted);
      const text = choice?.delta.content ?? '';
      texts.push(text);
      return text;
    },
    end() {
      if (finish) return { text: texts.join(''), finish, usage };
      throw new PackhouseError('provider_failed', 'The stream was cut before its end: ask again.', { retryable: true });
    },
  };
}

function finishOf(reason: string | null | undefined): FinishReason | undefined {
  if (reason === 'content_filter') return 'filtered';
  if (reason === 'length') return 'length';
  return reason ? 'stop' : undefined;
}

function usageOf(counted: OpenAI.CompletionUsage | undefined): Usage {
  return counted ? { inputTokens: counted.prompt_tokens, outputTokens: counted.completion_tokens } : NO_USAGE;
}
