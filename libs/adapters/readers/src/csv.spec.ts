import { describeReader } from '@packhouse/core/testing';
import { csv } from './csv.js';

const file = (bytes: string | Uint8Array, filename = 'prices.csv') => ({ filename, bytes: Buffer.from(bytes) });
const textOf = async (source: string | Uint8Array) => (await csv().read(file(source))).text;

describeReader('csv', csv, () => [file('Item,Price\nApples 💶,1.99\n'), file('a\tb\n1\t2', 'x.tsv')]);

describe('csv', () => {
  it('writes the column before each value, and records apart, so that a passage explains itself', async () => {
    expect(await textOf('Item,Price,Note\nApples,1.99,\nPears,2.49,"ripe, soft"\n')).toBe(
      'Item | Price | Note\n\nItem: Apples\nPrice: 1.99\n\nItem: Pears\nPrice: 2.49\nNote: ripe, soft',
    );
  });

  it.each([';', '\t', '|', ','])('finds out that fields are apart by %j', async (mark) => {
    const source = [`Item${mark}Price`, `"A${mark} B"${mark}1`, `C${mark}2`].join('\r\n');
    expect(await textOf(source)).toContain(`Item: C\nPrice: 2`);
  });

  it('writes rows where no row names the columns', async () => {
    expect(await textOf('1,2\n3,4')).toBe('1 | 2\n\n3 | 4');
    expect(await textOf('A,A\n3,4')).toBe('A | A\n\n3 | 4');
    expect(await textOf('2024-01-05,x\n2024-01-06,y')).toBe('2024-01-05 | x\n\n2024-01-06 | y');
  });

  it('finds the header below a title, and keeps fields beyond it', async () => {
    expect(await textOf('Cups,\nTeam,City\nBlues,STL,1967\n')).toBe(
      'Cups\n\nTeam | City\n\nTeam: Blues\nCity: STL\n1967',
    );
  });

  it('keeps line breaks within quotes out of the lines, and takes a quote within a field as it stands', async () => {
    expect(await textOf('Item,Size\n"Pipe\nlong",5" wide')).toBe('Item | Size\n\nItem: Pipe long\nSize: 5" wide');
  });

  it('reads UTF-16 and a byte order mark', async () => {
    expect(await textOf(Buffer.from('\u{FEFF}Stadt,Land\nZürich,CH', 'utf16le'))).toContain('Stadt: Zürich');
    expect(await textOf('\u{FEFF}Stadt,Land\nZürich,CH')).toContain('Stadt: Zürich');
  });

  it('shows formulas as text: they are quoted, never run', async () => {
    expect(await textOf('Name,Sum\nx,"=HYPERLINK(""http://x"",A1)"')).toContain('Sum: =HYPERLINK("http://x",A1)');
  });

  it('refuses a table that ends within quotes', async () => {
    await expect(textOf('Item,Price\n"Apples,1.99\n')).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('refuses what would grow too long by repeating its header', async () => {
    const source = `${'N'.repeat(500)},B\n${'1,2\n'.repeat(500)}`;
    await expect(csv({ maxCharacters: 10_000 }).read(file(source))).rejects.toMatchObject({ code: 'too_large' });
  });
});
