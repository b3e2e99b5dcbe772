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

  it('reads text by its name, whatever kind of text it is sent as', async () => {
    for (const type of [
      'text/html',
      'application/octet-stream',
      'application/vnd.ms-excel',
      'video/mp2t',
      'nonsense',
    ]) {
      expect((await readFile(file('a.ts', 'let word', type))).text).toBe('let word');
    }
  });

  it('knows a PDF without a name by its bytes', async () => {
    await expect(readFile(file('upload', '%PDF-1.7\nbroken'))).rejects.toMatchObject({ code: 'corrupt' });
  });

  it.each([
    ['a PDF that is called text', 'a.txt', '%PDF-1.7\n', undefined],
    ['a PDF that is called a Word document', 'a.docx', '%PDF-1.7\n', undefined],
    ['a web page that is called a PDF', 'a.pdf', '<!DOCTYPE html><p>Log in', undefined],
    ['a web page that is called a table', 'a.csv', '<html><script>x</script>', undefined],
    ['text that is sent as a PDF', 'a.txt', 'words', 'application/pdf'],
    ['a PDF that is sent as text', 'a.pdf', '%PDF-1.7\n', 'text/plain; charset=utf-8'],
    ['a page that is sent as a picture', 'a.html', '<p>words', 'image/png'],
    ['a picture that is also a page', 'a.html', 'GIF89a=1;<html><script>x</script>', undefined],
    ['an archive that is also a PDF', 'a.pdf', 'PK\x03\x04%PDF-1.7\n', undefined],
  ])('refuses %s', async (_, filename, bytes, mediaType) => {
    await expect(readFile(file(filename, bytes, mediaType))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it.each([
    ['a.xlsx', 'PK\x03\x04', 'ZIP'],
    ['a.txt', 'PK\x03\x04', 'ZIP'],
    ['a.pdf', 'PK\x03\x04', 'ZIP'],
    ['a.rtf', '{\\rtf1', 'RTF'],
    ['a.xyz', 'words', 'of this kind'],
  ])('says of %s what it is and what can be read', async (filename, bytes, what) => {
    const failure = readFile(file(filename, bytes));
    await expect(failure).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining(what) });
    await expect(failure).rejects.toThrow('PDF, Word (.docx), HTML, Markdown, CSV, JSON, mail (.eml), plain text');
  });

  it('says of a file without bytes that it has no content', async () => {
    await expect(readFile(file('a.docx', ''))).rejects.toMatchObject({ code: 'empty' });
  });

  it('stops for a caller that has gone', async () => {
    await expect(readFile(file('a.txt', 'x'), AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  });
});
