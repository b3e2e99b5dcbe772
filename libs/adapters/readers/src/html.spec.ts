import { describeReader } from '@packhouse/core/testing';
import { html } from './html.js';

const page = (bytes: Uint8Array | string, filename = 'page.html') => ({ filename, bytes: Buffer.from(bytes) });
const textOf = async (source: Uint8Array | string) => (await html().read(page(source))).text;

describeReader('html', html, () => [
  page('<!doctype html><title>Terms</title><h1>Refunds</h1><p>A refund 💶 is paid within ten days.'),
  page('<HTML><body>no extension</body></HTML>', 'upload'),
]);

describe('html', () => {
  it('reads what a person sees, not scripts, styles, navigation or hidden parts', async () => {
    const source = `<head><title>T</title><style>p{}</style></head><body><nav>Home</nav><script>var x = 1</script>
      <p>Seen</p><p style="display: none">hidden</p><div hidden>hidden</div><noscript>off</noscript><!-- note --></body>`;
    expect(await textOf(source)).toBe('Seen');
  });

  it('keeps headings, paragraphs, lists and code apart', async () => {
    const source = `<h1>Refunds &amp; more</h1><p>First\n  paragraph.</p><p>Second <a href="/x">link</a>.</p>
      <ul><li>one</li><li>two</li></ul><ol start="3"><li>three</li></ol><pre>if (x) {\n  y();\n}</pre><dl><dt>Term<dd>Meaning</dl>`;
    expect(await textOf(source)).toBe(
      [
        'Refunds & more',
        'First paragraph.',
        'Second link.',
        '- one\n- two',
        ' 3. three',
        'if (x) {\n  y();\n}',
        'Term\nMeaning',
      ].join('\n\n'),
    );
  });

  it('writes a table one line a row, without columns that are there for spacing', async () => {
    const source = `<table><caption>Prices</caption><tr><th>Item<th><th>2023<th>2024</tr>
      <tr><td>Net sales<td><td>1<td>2</tr><tr><td>Other<td><td><td>3</tr></table>`;
    expect(await textOf(source)).toBe('Prices\n\nItem | 2023 | 2024\nNet sales | 1 | 2\nOther |  | 3');
  });

  it('counts the columns that a wide cell takes', async () => {
    const source = `<table><tr><td colspan="2">Both</td><td>C</td></tr><tr><td>A</td><td>B</td><td>D</td></tr></table>`;
    expect(await textOf(source)).toBe('Both |  | C\nA | B | D');
    expect(await textOf('<table><tr><td colspan="999999999">Wide</td></tr></table>')).toBe('Wide');
  });

  it('reads a table made for layout as its paragraphs, and rows that lost their table', async () => {
    expect(await textOf('<table><tr><td><p>One</p><p>Two</p></td><td>Three</td></tr></table>')).toBe(
      'One\n\nTwo\n\nThree',
    );
    expect(await textOf('<center><table></center><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr>')).toBe('A | B\nC');
  });

  it('gives the page its title', async () => {
    expect(await html().read(page('<title>\n Terms &amp; conditions </title><p>x'))).toMatchObject({
      title: 'Terms & conditions',
    });
  });

  it.each([
    ['UTF-16 with a mark', Buffer.from('\u{FEFF}<p>Zürich', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('<!doctype html><p>Zürich', 'utf16le')],
    ['the set it declares', Buffer.from('<meta charset="iso-8859-1"><p>Zürich', 'latin1')],
    [
      'the set it declares the old way',
      Buffer.from('<meta content="text/html; charset=windows-1252"><p>Zürich', 'latin1'),
    ],
    ['UTF-8 though it declares UTF-16', Buffer.from('<meta charset="utf-16"><p>Zürich')],
    ['UTF-8 with a mark though it declares Latin-1', Buffer.from('\u{FEFF}<meta charset="iso-8859-1"><p>Zürich')],
    ['a set unknown to it', Buffer.from('<meta charset="nonsense"><p>Zürich')],
  ])('reads %s', async (_, bytes) => {
    expect(await textOf(bytes)).toBe('Zürich');
  });

  it('refuses markup too deep to walk', async () => {
    await expect(textOf('<div>'.repeat(100_000) + 'x')).rejects.toMatchObject({ code: 'too_large' });
  });

  it('refuses more text than it may take', async () => {
    await expect(html({ maxCharacters: 10 }).read(page('<p>twelve chars'))).rejects.toMatchObject({
      code: 'too_large',
    });
  });
});
