import { sentences, type Span } from '@packhouse/core';

/**
 * The claim that a marker after `text` is for, in UTF-16 units: the last sentence of the last line that says anything.
 * Null where there are no words.
 */
export function claimAtEnd(text: string): Span | null {
  const line = text.slice(0, lastWordEnd(text)).lastIndexOf('\n') + 1;
  const said = sentences(text.slice(line)).findLast((sentence) => lastWordEnd(sentence.text) > 0);
  if (!said) return null;
  const start = line + said.start + (said.text.match(/^[\s.,;:!?)\]*-]+/)?.[0].length ?? 0);
  return { start, end: line + said.start + said.text.trimEnd().length };
}

/** Where the last letter or digit ends; 0 where there is none. */
function lastWordEnd(text: string): number {
  return text.search(/[\p{L}\p{N}][^\p{L}\p{N}]*$/u) + 1;
}
