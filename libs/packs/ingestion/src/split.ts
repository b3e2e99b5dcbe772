import { codePointIndex, PackhouseError, type ExtractedText, type PageStart, type Span } from '@packhouse/core';
import { breather } from './breather.js';
import { pack } from './pack.js';
import { cl100k, hasLongRun, type CountTokens } from './tokens.js';
import { units, type Unit } from './units.js';

/** In characters: a piece with a longer run in it is not counted again as a whole. */
const LONGEST_RUN = 2048;

export interface SplitOptions {
  /** Most tokens of a piece, 100 to 4096. @default 800 */
  maxTokens?: number;
  /** How much of a piece the next one repeats, in whole sentences: at most so many tokens. @default half of it */
  overlapTokens?: number;
  /** @default by cl100k_base */
  countTokens?: CountTokens;
}

/** A piece of a document's text: exactly the text at `span`, with the page starts that matter for it. */
export interface Piece {
  readonly text: string;
  /** In code points. */
  readonly span: Span;
  readonly pages: readonly PageStart[];
}

/**
 * Packs whole sentences into pieces of at most `maxTokens`, each of which repeats the end of the one before. Every
 * character that is not a space is in a piece; a piece begins and ends with such a one. A sentence that is too long is
 * cut between words, a word that is too long between code points.
 *
 * Only of a piece with more than 2,048 characters in one run (no text has them) is the size a sum of its parts, which
 * may be a few tokens off.
 *
 * @throws PackhouseError `invalid_request` for sizes out of range
 */
export async function split(
  { text, pages }: ExtractedText,
  { maxTokens = 800, overlapTokens = Math.floor(maxTokens / 2), countTokens }: SplitOptions = {},
  signal?: AbortSignal,
): Promise<Piece[]> {
  checkSizes(maxTokens, overlapTokens);
  const count = countTokens ?? (await cl100k());
  const breathe = breather(signal);

  const all: Unit[] = [];
  for (const unit of units(text, maxTokens, count)) {
    await breathe();
    all.push(unit);
  }

  const fits = (span: Span) => {
    const part = text.slice(span.start, span.end).trim();
    return hasLongRun(part, LONGEST_RUN) || count(part) <= maxTokens;
  };
  const codePoint = codePointIndex(text);
  const pieces: Piece[] = [];
  for (const packed of pack(all, { maxTokens, overlapTokens, fits })) {
    await breathe();
    const { start, end } = trimmed(text, packed);
    const span = { start: codePoint(start), end: codePoint(end) };
    // A stretch of spaces, which only a long run of them fills, is no piece; nor is one within the last.
    if (start < end && span.end > (pieces.at(-1)?.span.end ?? 0))
      pieces.push({ text: text.slice(start, end), span, pages: pagesOf(span, pages) });
  }
  return pieces;
}

function checkSizes(maxTokens: number, overlapTokens: number): void {
  if (!(Number.isInteger(maxTokens) && maxTokens >= 100 && maxTokens <= 4096))
    throw new PackhouseError('invalid_request', 'A chunk has at most 100 to 4096 tokens.', { param: 'maxTokens' });
  if (!(Number.isInteger(overlapTokens) && overlapTokens >= 0 && overlapTokens <= maxTokens / 2)) {
    const message = 'The overlap is 0 tokens or more and at most half of a chunk.';
    throw new PackhouseError('invalid_request', message, { param: 'overlapTokens' });
  }
}

function trimmed(text: string, { start, end }: Span): Span {
  const part = text.slice(start, end);
  return { start: end - part.trimStart().length, end: start + part.trimEnd().length };
}

function pagesOf({ start, end }: Span, pages: readonly PageStart[]): PageStart[] {
  const first = pages.findLastIndex((page) => page.start <= start);
  return pages.slice(Math.max(first, 0)).filter((page) => page.start < end);
}
