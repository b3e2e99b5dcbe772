import { abortError, codePointLength, PackhouseError, type Reader, type SourceFile } from '@packhouse/core';
import { extension } from './extension.js';
import { holdsText, joinPages, MAX_CHARACTERS, refuseTooLong, type ReaderLimits } from './extracted.js';
import { pageText, type TextRun } from './page-text.js';
import { withPdf, type PdfDocument } from './pdf-document.js';
import { asRefusal, refusal } from './refusal.js';
import { beginsAsPdf, foreignFormat } from './signature.js';
import { storable } from './storable.js';

export interface PdfOptions extends ReaderLimits {
  /** Most pages; a file with more is refused as `too_large`. @default 5_000 */
  maxPages?: number;
  /** Most milliseconds a file may take; one that takes longer is refused as `too_large`. @default 120_000 */
  timeoutMs?: number;
}

/**
 * Reads the text of PDFs by pdf.js, with the start of every page that holds text. Files that open without a password
 * are read, whatever their author restricts. A damaged page is left out where others can be read. Time is looked at
 * while text arrives and between pages: one page that takes long before its first word is not interrupted.
 */
export function pdf(options: PdfOptions = {}): Reader {
  const { maxPages = 5_000, maxCharacters = MAX_CHARACTERS, timeoutMs = 120_000 } = options;
  return {
    name: 'PDF',
    accepts: ({ filename, bytes }) =>
      beginsAsPdf(bytes) || (extension(filename) === 'pdf' && foreignFormat(bytes) === null),
    async read(file, signal) {
      const stop = stopSign(file, timeoutMs, signal);
      stop.check();
      try {
        return await withPdf(file.bytes, stop.signal, async (document) => {
          refuseTooManyPages(file, document, maxPages);
          const texts = await readPages(file, document, maxCharacters, stop.check);
          return joinPages(texts, await document.title());
        });
      } catch (cause) {
        stop.check();
        throw pdfRefusal(file, cause);
      }
    },
  };
}

/** The caller's signal and the reader's own deadline: what to listen to, and what to throw. */
function stopSign(file: SourceFile, timeoutMs: number, caller: AbortSignal | undefined) {
  const deadline = AbortSignal.timeout(timeoutMs);
  return {
    signal: caller ? AbortSignal.any([caller, deadline]) : deadline,
    check() {
      if (caller?.aborted) throw abortError(caller);
      if (deadline.aborted) throw refusal('too_large', file, `it takes more than ${timeoutMs} ms to read. Split it.`);
    },
  };
}

function refuseTooManyPages(file: SourceFile, { pageCount }: PdfDocument, maxPages: number): void {
  if (pageCount <= maxPages) return;
  throw refusal('too_large', file, `it has ${pageCount} pages, more than ${maxPages}. Split it into parts.`);
}

/** @throws PackhouseError `empty`, `too_large`, or the error of the last damaged page where none could be read */
async function readPages(file: SourceFile, document: PdfDocument, maxCharacters: number, check: () => void) {
  const texts: string[] = [];
  let damage: unknown;
  let left = maxCharacters;
  for (let page = 1; page <= document.pageCount; page++) {
    const text = await readPage(document, page, left, check).catch((cause: unknown) => {
      check();
      if (PackhouseError.isInstance(cause)) throw cause;
      damage = cause;
      return '';
    });
    left -= codePointLength(text);
    refuseTooLong(file, maxCharacters - left, maxCharacters);
    texts.push(text);
  }
  if (texts.some(holdsText)) return texts;
  if (damage !== undefined) throw damage;
  throw refusal('empty', file, 'it holds no text. Is it a scan? Run text recognition (OCR) on it first.');
}

/** Stops taking runs once they hold more than `maxCharacters`: the caller counts and refuses. */
async function readPage(document: PdfDocument, page: number, maxCharacters: number, check: () => void) {
  const runs: TextRun[] = [];
  let length = 0;
  for await (const piece of document.runs(page)) {
    check();
    for (const run of piece) {
      runs.push(run);
      length += run.str.length;
    }
    if (length > 2 * maxCharacters) break;
  }
  return storable(pageText(runs));
}

function pdfRefusal(file: SourceFile, cause: unknown): PackhouseError {
  if (cause instanceof Error && cause.name === 'PasswordException') {
    return refusal('encrypted', file, 'it is protected by a password. Remove the protection and send it again.', cause);
  }
  return asRefusal(cause, file, 'this PDF is damaged and cannot be opened. Save or print it to PDF anew.');
}
