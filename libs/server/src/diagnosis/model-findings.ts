import type { ChatModel, Embedder } from '@packhouse/core';
import { openChatModel } from '../parts/chat-model.js';
import { openEmbedders } from '../parts/embedder.js';
import type { Settings } from '../settings/settings.js';
import { messageOf, type Finding } from './finding.js';

/** Whether the models answer: each is asked for a little, which is the only way to know. */
export async function* modelFindings(settings: Settings, signal: AbortSignal): AsyncGenerator<Finding> {
  yield await openEmbedders(settings).then(
    ({ current }) => embedding(current, signal),
    (error: unknown) => fault('EMBEDDING', error),
  );
  yield await openChatModel(settings).then(
    (chat) => (chat ? answering(chat, signal) : ok('LLM: extractive, which needs no model')),
    (error: unknown) => fault('LLM', error),
  );
}

async function embedding(embedder: Embedder, signal: AbortSignal): Promise<Finding> {
  const { model, dimensions, learned } = embedder;
  if (!learned) return ok('EMBEDDING: hashed, which needs no model');
  return embedder.embed(['Are you there?'], 'query', signal).then(
    () => ok(`EMBEDDING: ${model} answers, ${dimensions} dimensions`),
    (error: unknown) => fault('EMBEDDING', error),
  );
}

/** Room for a model that thinks before it speaks to begin; what it says does not matter. */
const MAX_TOKENS = 16;

async function answering(chat: ChatModel, signal: AbortSignal): Promise<Finding> {
  const question = [{ role: 'user', content: 'Say yes.' }] as const;
  return chat.complete(question, { maxTokens: MAX_TOKENS, signal }).then(
    () => ok(`LLM: ${chat.model} answers`),
    (error: unknown) => fault('LLM', error),
  );
}

const ok = (found: string): Finding => ({ area: 'models', state: 'ok', found });

const MENDS: Readonly<Record<string, string>> = {
  EMBEDDING: 'Is the model named right, and in MODEL_DIR or to be downloaded from here?',
  LLM: 'Check LLM, OPENAI_API_KEY and OPENAI_BASE_URL, and the account at the provider.',
};

function fault(setting: 'EMBEDDING' | 'LLM', error: unknown): Finding {
  return { area: 'models', state: 'fault', found: `${setting}: ${messageOf(error)}`, mend: MENDS[setting] as string };
}
