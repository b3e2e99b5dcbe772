import { plain } from './plain.js';
import { readFile } from './read-file.js';

const file = (filename: string, bytes: Uint8Array | string, mediaType?: string) => ({
  filename,
  bytes: Buffer.from(bytes),
  ...(mediaType === undefined ? {} : { mediaType }),
});

describe('readFile', () => {
  it('takes the reader for the name where the bytes agree', async () => {
    expect((await readFile(file('a.MD', '*word*'))).text).toBe('word');
    expect((await readFile(file('a.txt', '*word*'))).text).toBe('*word*');
    expect((await readFile(file('a.htm', '<p>word'))).text).toBe('word');
    expect((await readFile(file('a', '<!DOCTYPE html><p>word'))).text).toBe('word');
  });

  it('does not believe the media type', async () => {
    expect((await readFile(file('a.txt', '<p>word', 'text/html'))).text).toBe('<p>word');
  });

  it('knows a PDF by its bytes', async () => {
    await expect(readFile(file('a.txt', '%PDF-1.7\nbroken'))).rejects.toMatchObject({ code: 'corrupt' });
  });

  it.each([
    ['a.docx', 'PK\x03\x04', 'ZIP'],
    ['a.txt', 'PK\x03\x04', 'ZIP'],
    ['a.pdf', 'PK\x03\x04', 'ZIP'],
    ['a.rtf', '{\\rtf1', 'RTF'],
    ['a.xyz', 'words', 'of this kind'],
  ])('says of %s what it is and what can be read', async (filename, bytes, what) => {
    const failure = readFile(file(filename, bytes));
    await expect(failure).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining(what) });
    await expect(failure).rejects.toThrow('PDF, HTML, Markdown, plain text');
  });

  it('says of a file without bytes that it has no content', async () => {
    await expect(readFile(file('a.docx', ''))).rejects.toMatchObject({ code: 'empty' });
  });

  it('reads with the readers it is given, and stops for a caller that has gone', async () => {
    await expect(readFile(file('a.md', 'x'), [plain()])).rejects.toMatchObject({ code: 'unsupported' });
    await expect(readFile(file('a.txt', 'x'), undefined, AbortSignal.abort())).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});
