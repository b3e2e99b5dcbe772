export { describeAnswerer } from './answerer-contract.js';
export { describeBudget, type BudgetHarness } from './budget-contract.js';
export { chunk } from './fakes/chunk.js';
export { fillStore } from './fakes/fill-store.js';
export { listRetriever } from './fakes/list-retriever.js';
export { memoryBudget, type SettledCall } from './fakes/memory-budget.js';
export { memoryChunkStore } from './fakes/memory-chunk-store.js';
export { scriptedChat, type RecordedCall, type Script, type ScriptedChatOptions } from './fakes/scripted-chat.js';
export { wordEmbedder } from './fakes/word-embedder.js';
export { describeRetriever } from './retriever-contract.js';
export { describeEmbedder } from './embedder-contract.js';
export { describeBlobStore } from './blob-store-contract.js';
export { describeJobQueue, type JobQueueHarness } from './job-queue-contract.js';
export { describeReader } from './reader-contract.js';
export {
  describeChatModel,
  type ChatModelUnderTest,
  type ProviderScript,
  type ScriptedProvider,
} from './chat-model-contract.js';
export { describeChunkStore, type OpenChunkStore } from './chunk-store-contract.js';
