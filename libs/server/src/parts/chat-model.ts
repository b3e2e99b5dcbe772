import type { ChatModel } from '@packhouse/core';
import type { Settings } from '../settings/settings.js';

/** The chat model that LLM names; none where answers are extracted. */
export async function openChatModel(settings: Settings): Promise<ChatModel | undefined> {
  const { LLM, OPENAI_API_KEY, OPENAI_BASE_URL } = settings;
  if (LLM.provider === 'extractive') return undefined;
  const { openai } = await import('@packhouse/llm/openai');
  return openai({
    ...(LLM.model && { model: LLM.model }),
    // A server of one's own mostly wants no key, but the protocol has a place for one.
    apiKey: OPENAI_API_KEY ?? 'none',
    ...(OPENAI_BASE_URL && { baseUrl: OPENAI_BASE_URL }),
  });
}
