import type { ChunkingRow } from '@packhouse/postgres';
import type { ChunkingStrategy } from './bodies.js';

/** OpenAI's chunking strategy as ours; undefined where the default is meant. */
export function chunkingOf(strategy: ChunkingStrategy | undefined): ChunkingRow | undefined {
  if (strategy?.type !== 'static') return undefined;
  const { max_chunk_size_tokens, chunk_overlap_tokens } = strategy.static;
  return { maxChunkSizeTokens: max_chunk_size_tokens, chunkOverlapTokens: chunk_overlap_tokens };
}
