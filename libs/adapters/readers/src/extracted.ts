import { codePointLength, type ExtractedText, type PageStart, type SourceFile } from '@packhouse/core';
import { refusal } from './refusal.js';
import { storable } from './storable.js';

/** Most code points of text any reader returns unless told otherwise. */
export const MAX_CHARACTERS = 20_000_000;

/** What every reader bounds. */
export interface ReaderLimits {
  /** Most code points of text; a file with more is refused as `too_large`. @default 20_000_000 */
  maxCharacters?: number;
}

/** The text of a format without pages. @throws PackhouseError `empty`, `too_large` */
export function extracted(file: SourceFile, raw: string, maxCharacters: number, title?: string): ExtractedText {
  const text = storable(raw).trim();
  refuseTooLong(file, codePointLength(text), maxCharacters);
  if (!holdsText(text)) throw refusal('empty', file, 'there is no text in this file.');
  return { text, pages: [], ...titled(title) };
}

/** The text of a file's pages, page 1 first, a blank line between them. Pages without text have no start. */
export function joinPages(texts: readonly string[], title?: string): ExtractedText {
  const kept: string[] = [];
  const pages: PageStart[] = [];
  let start = 0;
  for (const [index, text] of texts.entries()) {
    if (text === '') continue;
    pages.push({ number: index + 1, start });
    kept.push(text);
    start += codePointLength(text) + PAGE_BREAK.length;
  }
  return { text: kept.join(PAGE_BREAK), pages, ...titled(title) };
}

const PAGE_BREAK = '\n\n';

/** A letter or a digit of any script: rules, bullets and blanks alone are nothing to search or quote. */
export function holdsText(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** @throws PackhouseError `too_large` */
export function refuseTooLong(file: SourceFile, characters: number, maxCharacters: number): void {
  if (characters <= maxCharacters) return;
  throw refusal('too_large', file, `it holds more than ${maxCharacters} characters of text. Split it into parts.`);
}

function titled(title = ''): Pick<ExtractedText, 'title'> {
  const clean = storable(title).replace(/\s+/g, ' ').trim();
  return clean === '' ? {} : { title: clean };
}
