import type { SourceFile } from '@packhouse/core';
import { pageAt, sliceCodePoints } from '@packhouse/core';
import { describeReader } from '@packhouse/core/testing';
import { assert, asyncProperty, integer } from 'fast-check';
import PDFDocument from 'pdfkit';
import { pdf } from './pdf.js';

type Draw = (document: PDFKit.PDFDocument) => void;

/** A PDF whose pages are drawn by `pages`. Without compression, so that its bytes can be tampered with. */
async function drawn(pages: readonly Draw[], options: PDFKit.PDFDocumentOptions = {}): Promise<SourceFile> {
  const document = new PDFDocument({ compress: false, autoFirstPage: false, ...options });
  const pieces: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (piece: Buffer) => pieces.push(piece));
    document.on('end', () => resolve(Buffer.concat(pieces)));
    document.on('error', reject);
  });
  for (const page of pages) page(document.addPage());
  document.end();
  return { filename: 'report.pdf', bytes: new Uint8Array(await whole) };
}

const write =
  (text: string): Draw =>
  (document) =>
    document.fontSize(12).text(text);

const PARCELS = 'Parcels travel for two days. A refund is paid within ten days of the request.';
const threePages = () =>
  drawn([write(PARCELS), () => undefined, write('Café “Zürich” – 15 €')], { info: { Title: 'Terms' } });

describeReader('pdf', pdf, async () => [await threePages()]);

describe('pdf', () => {
  it('says on which page a passage stands, pages without text included in the count', async () => {
    const { text, pages } = await pdf().read(await threePages());
    const start = pages[1]?.start as number;
    expect(pages.map(({ number }) => number)).toEqual([1, 3]);
    expect(sliceCodePoints(text, start, start + 20)).toBe('Café “Zürich” – 15 €');
    expect(pageAt(pages, text.indexOf('refund'))).toBe(1);
    expect(pageAt(pages, start)).toBe(3);
  });

  it('gives the title that the document gives itself', async () => {
    expect(await pdf().read(await threePages())).toMatchObject({ title: 'Terms' });
    expect(await pdf().read(await drawn([write('x')]))).not.toHaveProperty('title');
  });

  it('keeps the lines of a paragraph together and paragraphs apart', async () => {
    const { text } = await pdf().read(
      await drawn([
        (document) =>
          document
            .fontSize(20)
            .text('Refunds')
            .fontSize(12)
            .text('The first line\nand the second.')
            .moveDown(2)
            .text('Another paragraph.'),
      ]),
    );
    expect(text).toBe('Refunds\n\nThe first line\nand the second.\n\nAnother paragraph.');
  });

  it('reads one column after the other', async () => {
    const left = 'The left column is read from its top to its bottom before';
    const right = 'the right one begins. This is the second column of the page.';
    const { text } = await pdf().read(
      await drawn([(document) => document.text(left, 72, 100, { width: 150 }).text(right, 320, 100, { width: 150 })]),
    );
    expect(text.replaceAll('\n', ' ')).toBe(`${left} ${right}`);
  });

  it('sees blanks that are only gaps, as between the cells of a table', async () => {
    const cells: Draw = (document) =>
      [
        ['Item', 'Price'],
        ['Apples', '1.99'],
      ].forEach(([item = '', price = ''], row) =>
        document
          .text(item, 72, 100 + row * 16, { lineBreak: false })
          .text(price, 220, 100 + row * 16, { lineBreak: false }),
      );
    expect((await pdf().read(await drawn([cells]))).text).toBe('Item Price\nApples 1.99');
  });

  it('keeps a raised sign on its line, and turned pages readable', async () => {
    const raised: Draw = (document) =>
      document
        .fontSize(12)
        .text('Squared', 72, 100, { lineBreak: false })
        .fontSize(7)
        .text('2', 72 + document.fontSize(12).widthOfString('Squared'), 98, { lineBreak: false });
    expect((await pdf().read(await drawn([raised]))).text).toBe('Squared2');
    const turned: Draw = (document) =>
      document.rotate(90, { origin: [300, 300] }).text('Turned page\nof two lines', 100, 100);
    expect((await pdf().read(await drawn([turned]))).text).toBe('Turned page\nof two lines');
  });

  it('leaves hyphens as they stand', async () => {
    expect((await pdf().read(await drawn([write('com-\npile')]))).text).toBe('com-\npile');
  });

  it('reads a file that only its author restricts', async () => {
    const restricted = await drawn([write(PARCELS)], { ownerPassword: 'owner', pdfVersion: '1.7' });
    expect((await pdf().read(restricted)).text).toContain('A refund is paid');
  });

  it('refuses a file that needs a password', async () => {
    const locked = await drawn([write(PARCELS)], { userPassword: 'secret', pdfVersion: '1.7' });
    await expect(pdf().read(locked)).rejects.toMatchObject({ code: 'encrypted' });
  });

  it('says of a scan that it holds no text', async () => {
    const scan = await drawn([(document) => document.rect(72, 72, 400, 400).fill('black')]);
    await expect(pdf().read(scan)).rejects.toMatchObject({ code: 'empty', message: expect.stringContaining('OCR') });
  });

  it('refuses what is only called a PDF, and does not take an archive for one', async () => {
    const notPdf = { filename: 'report.pdf', bytes: Buffer.from('just words') };
    await expect(pdf().read(notPdf)).rejects.toMatchObject({ code: 'corrupt' });
    expect(pdf().accepts({ filename: 'report.pdf', bytes: Buffer.from('PK\x03\x04') })).toBe(false);
    expect(pdf().accepts({ filename: 'upload', bytes: Buffer.from('%PDF-1.7') })).toBe(true);
  });

  it('refuses more pages, characters or milliseconds than it may take', async () => {
    const file = await threePages();
    for (const options of [{ maxPages: 2 }, { maxCharacters: 50 }, { timeoutMs: 0 }]) {
      await expect(pdf(options).read(file)).rejects.toMatchObject({ code: 'too_large' });
    }
  });

  it('stops between pages when the caller goes', async () => {
    const file = await drawn(Array.from({ length: 60 }, () => write(PARCELS.repeat(20))));
    const caller = new AbortController();
    const reading = pdf().read(file, caller.signal);
    setTimeout(() => caller.abort(), 20);
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
  });

  it('ends with text or a typed error whatever byte is damaged', async () => {
    const { filename, bytes } = await threePages();
    await assert(
      asyncProperty(integer({ min: 0, max: bytes.length - 1 }), integer({ min: 0, max: 255 }), async (at, value) => {
        const outcome: unknown = await pdf()
          .read({ filename, bytes: bytes.with(at, value) })
          .catch((error: unknown) => error);
        expect(outcome).toEqual(
          expect.objectContaining({ [outcome instanceof Error ? 'code' : 'text']: expect.any(String) }),
        );
      }),
      { numRuns: 150 },
    );
  });
});
