export { chunkId } from './chunk-id.js';
export { chunks, type FiledDocument } from './chunks.js';
export { embedChunks, type OnProgress } from './embed-chunks.js';
export { ingestion, type Ingestion, type IngestionOptions } from './ingestion.js';
export { split, type Piece, type SplitOptions } from './split.js';
export { cl100k, type CountTokens } from './tokens.js';
