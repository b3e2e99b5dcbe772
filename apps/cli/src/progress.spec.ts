import { stripVTControlCharacters } from 'node:util';
import { progress, type Screen } from './progress.js';

function screen(terminal: Pick<Screen, 'isTTY' | 'columns'>) {
  const written: string[] = [];
  return { ...terminal, written, write: (text: string) => written.push(text) };
}

describe('progress', () => {
  it('is one line that is drawn anew on a terminal, below the lines that stay', () => {
    const tty = screen({ isTTY: true, columns: 60 });
    const { advance, note, end } = progress(2, tty);
    advance('a.txt');
    note('failed b.txt');
    end();
    expect(tty.written.filter((text) => text.includes('\n'))).toEqual(['\r\u001b[Kfailed b.txt\n']);
    expect(tty.written.at(-2)).toContain('1/2  a.txt');
    expect(tty.written.at(-1)).toBe('\r\u001b[K');
  });

  it('never wraps', () => {
    const tty = screen({ isTTY: true, columns: 40 });
    progress(1, tty).advance('x'.repeat(200));
    for (const text of tty.written) expect(stripVTControlCharacters(text).length).toBeLessThanOrEqual(40);
  });

  it('is plain lines anywhere else', () => {
    const file = screen({});
    const { advance, note, end } = progress(2, file);
    advance('a.txt');
    note('failed b.txt');
    end();
    expect(file.written).toEqual(['failed b.txt\n']);
  });
});
