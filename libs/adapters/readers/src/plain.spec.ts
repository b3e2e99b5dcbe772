import { describeReader } from '@packhouse/core/testing';
import { plain } from './plain.js';

const file = (bytes: Uint8Array | string, filename = 'notes.txt') => ({ filename, bytes: Buffer.from(bytes) });
const textOf = async (bytes: Uint8Array | string) => (await plain().read(file(bytes))).text;

/** Latin-1, as are the signs of windows-1252 used here but for the euro, which is 0x80 there. */
const WESTERN = Buffer.from(
  'Die schöne Frau hat einen Kaffee getrunken und später für das Frühstück bezahlt. Größe: 15,50 \x80',
  'latin1',
);
/** "Привет, мир. Это обычный русский текст." in windows-1251. */
const CYRILLIC = Buffer.from('cff0e8e2e5f22c20ece8f02e20ddf2ee20eee1fbf7ede0fff020f0f3f1f1eae8e920f2e5eaf1f22e', 'hex');

describeReader('plain', plain, () => [
  file('A refund 💶 is paid.\r\nWithin ten days.'),
  file('no extension', 'README'),
]);

describe('plain', () => {
  it.each([
    ['UTF-8', Buffer.from('Zürich 💶')],
    ['UTF-8 with a mark', Buffer.from('\u{FEFF}Zürich 💶')],
    ['UTF-16', Buffer.from('\u{FEFF}Zürich 💶', 'utf16le')],
    ['big-endian UTF-16', Buffer.from('\u{FEFF}Zürich 💶', 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from('Zürich 💶', 'utf16le')],
    ['UTF-32', Buffer.from(Array.from('\u{FEFF}Zürich 💶', (c) => utf32(c, true)).flat())],
    ['big-endian UTF-32', Buffer.from(Array.from('\u{FEFF}Zürich 💶', (c) => utf32(c, false)).flat())],
  ])('reads %s', async (_, bytes) => {
    expect(await textOf(bytes)).toBe('Zürich 💶');
  });

  it('guesses the character set of text that is not Unicode', async () => {
    expect(await textOf(WESTERN)).toContain('später für das Frühstück bezahlt. Größe');
    expect(await textOf(CYRILLIC)).toContain('русский текст');
  });

  it('keeps reading UTF-8 with a few bad bytes as UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('Zürich '.repeat(40)), Buffer.of(0xff), Buffer.from('Genève')]);
    expect(await textOf(bytes)).toBe(`${'Zürich '.repeat(40)}\u{FFFD}Genève`);
  });

  it('leaves layout as it is, but for line ends', async () => {
    expect(await textOf('a\r\n  b\rc\td\n\n\ne')).toBe('a\n  b\nc\td\n\n\ne');
  });

  it('drops a stray NUL and mends half a surrogate', async () => {
    const long = 'x'.repeat(200);
    expect(await textOf(`${long}\0y`)).toBe(`${long}y`);
    expect(await textOf(Buffer.from(`${long}\u{D800}y`, 'utf16le'))).toBe(`${long}\u{FFFD}y`);
  });

  it.each([
    ['a ZIP archive', Buffer.from('PK\x03\x04rest of it')],
    ['an image', Buffer.from('89504e470d0a1a0a0000', 'hex')],
    ['a program', Buffer.from('7f454c4602010100', 'hex')],
    ['binary data', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 167) % 251))],
    ['mostly zero bytes', Buffer.alloc(1000)],
  ])('refuses %s that is called text', async (_, bytes) => {
    await expect(textOf(bytes)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('reads a log with terminal colours', async () => {
    expect(await textOf('\u{1B}[32mok\u{1B}[0m done')).toContain('ok');
  });

  it('says of blanks and rules that there is no text', async () => {
    await expect(textOf(' \n --- \n')).rejects.toMatchObject({ code: 'empty' });
  });

  it('counts characters, not the units they are stored in', async () => {
    expect((await plain({ maxCharacters: 3 }).read(file('a💶c'))).text).toBe('a💶c');
    await expect(plain({ maxCharacters: 3 }).read(file('a💶cd'))).rejects.toMatchObject({ code: 'too_large' });
  });
});

function utf32(character: string, littleEndian: boolean): number[] {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, character.codePointAt(0) as number, littleEndian);
  return [...bytes];
}
