import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';

/** A PDF with these texts, one a page. */
export function pdf(pages: readonly string[], options: PDFKit.PDFDocumentOptions = {}): Promise<Buffer> {
  const document = new PDFDocument({ ...options, autoFirstPage: false });
  for (const text of pages) document.addPage().text(text);
  document.end();
  return buffer(document as unknown as AsyncIterable<Buffer>);
}
