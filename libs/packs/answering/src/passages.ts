import { estimateTokens, sentences, type Chunk, type Hit } from '@packhouse/core';

/** A numbered passage as the model sees it: a chunk, or as many sentences from its beginning as there is room for. */
export interface Passage {
  /** From 1. */
  readonly number: number;
  readonly chunk: Chunk;
  readonly text: string;
}

/** What a passage's number, source and frame take, in tokens. */
const FRAME = 40;

/** As many of the hits, best first, as `budget` tokens hold. The one that does not fit any more is cut at a sentence. */
export function passages(hits: readonly Hit[], budget: number): Passage[] {
  const fitting: Passage[] = [];
  let left = budget;
  for (const { chunk } of hits) {
    left -= FRAME;
    const text = beginning(chunk.text, left);
    if (text.trim() !== '') fitting.push({ number: fitting.length + 1, chunk, text });
    if (text.length < chunk.text.length) break;
    left -= estimateTokens(text);
  }
  return fitting;
}

function beginning(text: string, budget: number): string {
  if (estimateTokens(text) <= budget) return text;
  let end = 0;
  for (const sentence of sentences(text)) {
    if (estimateTokens(text.slice(0, sentence.end)) > budget) break;
    end = sentence.end;
  }
  return text.slice(0, end);
}
