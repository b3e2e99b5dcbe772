import { sentences, type Chunk } from '@packhouse/core';
import { terms } from './terms.js';

/** In characters. What is longer is no prose but a table or a list, whose lines are quoted one by one. */
const LONGEST_SENTENCE = 600;

/** A stretch of a chunk's text that can be quoted, in UTF-16 units, and its terms. */
export interface Quotable {
  readonly chunk: Chunk;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly terms: readonly string[];
}

/** The sentences of a text, without the spaces around them. */
export function quotables(chunk: Chunk, text = chunk.text): Quotable[] {
  return sentences(text).flatMap((sentence) =>
    parts(sentence.text, sentence.start).flatMap((part) => quotable(chunk, part.text, part.start)),
  );
}

function parts(text: string, start: number): { text: string; start: number }[] {
  if (text.length <= LONGEST_SENTENCE) return [{ text, start }];
  return Array.from(text.matchAll(/.+/g), ({ 0: line, index }) => ({ text: line, start: start + index }));
}

function quotable(chunk: Chunk, untrimmed: string, at: number): Quotable[] {
  const text = untrimmed.trim();
  if (text === '') return [];
  const start = at + untrimmed.indexOf(text);
  return [{ chunk, text, start, end: start + text.length, terms: terms(text) }];
}
