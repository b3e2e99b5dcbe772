import { describeChunkStore } from '../chunk-store-contract.js';
import { memoryChunkStore } from './memory-chunk-store.js';

describeChunkStore('memoryChunkStore', async () => ({ store: memoryChunkStore(), close: async () => undefined }));
