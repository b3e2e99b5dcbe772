import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setImmediate as macrotask } from 'node:timers/promises';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { TextRun } from './page-text.js';

/** A PDF that was opened. `close` must be called, whatever happened. */
export interface PdfDocument {
  readonly pageCount: number;
  title(): Promise<string | undefined>;
  /** The runs of a page, from 1, in the order drawn; in pieces, so that a page without end can be left. */
  runs(page: number): AsyncIterable<readonly TextRun[]>;
}

/**
 * Opens a PDF with pdf.js and hands it to `use`. pdf.js is loaded by the first call: it takes a fifth of a second.
 * Its errors are thrown as they are. When `signal` fires, whatever waits for the document rejects.
 */
export async function withPdf<T>(bytes: Uint8Array, signal: AbortSignal, use: (pdf: PdfDocument) => Promise<T>) {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  // pdf.js takes the buffer for its own: it gets a copy.
  const task = getDocument({ data: new Uint8Array(bytes), ...OPTIONS, cMapUrl: folder('cmaps') });
  const destroy = () => void task.destroy().catch(ignore);
  signal.addEventListener('abort', destroy, { once: true });
  try {
    return await use(asPdfDocument(await task.promise));
  } finally {
    signal.removeEventListener('abort', destroy);
    await task.destroy().catch(ignore);
  }
}

/** No fonts are drawn, no images decoded, nothing printed (verbosity 0 is errors only). */
const OPTIONS = { verbosity: 0, useSystemFonts: true, useWasm: false, disableFontFace: true } as const;

/** A data folder of pdf.js; it wants the separator at the end. */
function folder(name: string): string {
  return `${dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))}/${name}/`;
}

function asPdfDocument(document: PDFDocumentProxy): PdfDocument {
  return {
    pageCount: document.numPages,
    title: () => titleOf(document),
    async *runs(number) {
      const page = await document.getPage(number);
      // pdf.js would take ligatures apart before it turns right-to-left text round, and mix up their letters.
      const reader = page.streamTextContent({ disableNormalization: true }).getReader();
      try {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return;
          yield value.items;
          // pdf.js in this thread lives on microtasks alone: timers and other requests get their turn here.
          await macrotask();
        }
      } finally {
        await reader.cancel(new Error('The page is done with.')).catch(ignore);
        page.cleanup();
      }
    },
  };
}

async function titleOf(document: PDFDocumentProxy): Promise<string | undefined> {
  const { info } = await document.getMetadata();
  const title = 'Title' in info ? info.Title : undefined;
  return typeof title === 'string' ? title : undefined;
}

const ignore = () => undefined;
