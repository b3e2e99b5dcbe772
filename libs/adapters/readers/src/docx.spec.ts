import { PackhouseError, type SourceFile } from '@packhouse/core';
import { describeReader } from '@packhouse/core/testing';
import { strToU8, zipSync, type Zippable } from 'fflate';
import { docx } from './docx.js';

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';
const MAIN = relationship('officeDocument', 'word/document.xml');

function relationship(kind: string, target: string, more = ''): string {
  return `<Relationship Id="r${kind}" Type="${OFFICE}/${kind}" Target="${target}" ${more}/>`;
}
const relationships = (...all: string[]) => `<Relationships xmlns="${PACKAGE}">${all.join('')}</Relationships>`;
const part = (root: string, inner: string) =>
  `<?xml version="1.0"?><w:${root} xmlns:w="${WORD}" xmlns:mc="urn:mc">${inner}</w:${root}>`;

/** A Word document with this body; `parts` add to its archive, or replace what is in it. */
function word(body: string, parts: Record<string, string | Uint8Array> = {}): SourceFile {
  const all = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relationships(MAIN),
    'word/document.xml': part('document', `<w:body>${body}</w:body>`),
    ...parts,
  };
  const bytes = Object.entries(all).map(([name, content]) => [
    name,
    typeof content === 'string' ? strToU8(content) : content,
  ]);
  return { filename: 'report.docx', bytes: zipSync(Object.fromEntries(bytes) as Zippable) };
}
const run = (text: string) => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
const p = (text: string, properties = '') => `<w:p><w:pPr>${properties}</w:pPr>${run(text)}</w:p>`;
const item = (text: string, level = 0) => p(text, `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="1"/></w:numPr>`);
const cell = (inner: string, properties = '') => `<w:tc><w:tcPr>${properties}</w:tcPr>${inner}</w:tc>`;
const row = (...cells: string[]) => `<w:tr>${cells.join('')}</w:tr>`;
const table = (...rows: string[]) => `<w:tbl>${rows.join('')}</w:tbl>`;

const textOf = async (file: SourceFile) => (await docx().read(file)).text;
const failureOf = (file: SourceFile) =>
  docx()
    .read(file)
    .then(
      () => 'read',
      (error: unknown) => (PackhouseError.isInstance(error) ? error.code : error),
    );

/** The file with the same bytes found and replaced, as a hex editor would. */
function patched(file: SourceFile, from: string, to: string): SourceFile {
  const bytes = Buffer.from(file.bytes).toString('latin1').replaceAll(from, to);
  return { ...file, bytes: Buffer.from(bytes, 'latin1') };
}

describeReader('docx', docx, () => [word(p('A refund 💶 is paid within ten days.') + table(row(cell(p('Item')))))]);

describe('docx', () => {
  it('keeps headings, paragraphs and list items apart', async () => {
    const body = p('Refunds', '<w:pStyle w:val="Heading1"/>') + p('Paid soon.') + item('one') + item('inner', 1);
    expect(await textOf(word(body + item('two') + p('After')))).toBe(
      'Refunds\n\nPaid soon.\n\n- one\n  - inner\n- two\n\nAfter',
    );
  });

  it('writes a table one line a row, wide and nested cells included', async () => {
    const nested = table(row(cell(p('x')), cell(p('y'))));
    const body = table(
      row(cell(p('Item')), cell(p('Price')), cell(p('Note'))),
      row(cell(p('Both'), '<w:gridSpan w:val="2"/>'), cell(p('first') + p('second'))),
      row(cell(nested), cell(p('2')), cell(p(''))),
    );
    expect(await textOf(word(p('Prices') + body))).toBe(
      'Prices\n\nItem | Price | Note\nBoth |  | first second\nx | y | 2',
    );
  });

  it('reads a table made for layout as its paragraphs', async () => {
    expect(await textOf(word(table(row(cell(p('One') + p('Two'))))))).toBe('One\n\nTwo');
  });

  it('joins the runs that formatting cuts words into, with their tabs and breaks', async () => {
    const inner = `${run('Re')}<w:hyperlink>${run('fund')}</w:hyperlink><w:r><w:tab/><w:t>now</w:t><w:br/><w:t>or</w:t></w:r>`;
    expect(await textOf(word(`<w:p>${inner}</w:p>`))).toBe('Refund\tnow\nor');
  });

  it('reads what a person sees: neither deleted nor hidden text, field codes or copies for old programs', async () => {
    const body = `<w:p>${run('Seen')}<w:del>${run('deleted')}</w:del><w:ins>${run(' and added')}</w:ins>
      <w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:rPr><w:vanish w:val="false"/></w:rPr><w:t>.</w:t></w:r>
      <w:r><w:instrText>PAGE</w:instrText></w:r></w:p>
      <w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>${p('In a box')}</w:txbxContent></mc:Choice>
      <mc:Fallback><w:txbxContent>${p('In a box')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>`;
    expect(await textOf(word(body))).toBe('Seen and added.\n\nIn a box');
  });

  it('adds the notes at the end, and gives the document its title', async () => {
    const file = word(p('Text'), {
      '_rels/.rels': relationships(
        MAIN,
        '<Relationship Id="c" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>',
      ),
      'docProps/core.xml': '<c xmlns:dc="urn:dc"><dc:creator>Me</dc:creator><dc:title>Terms</dc:title></c>',
      'word/_rels/document.xml.rels': relationships(relationship('footnotes', 'footnotes.xml')),
      'word/footnotes.xml': part('footnotes', `<w:footnote>${p('A note.')}</w:footnote>`),
    });
    expect(await docx().read(file)).toEqual({ text: 'Text\n\nA note.', pages: [], title: 'Terms' });
  });

  it('reads UTF-16', async () => {
    const xml = part('document', p('Zürich'));
    const file = word('', { 'word/document.xml': new Uint8Array(Buffer.from(`\u{FEFF}${xml}`, 'utf16le')) });
    expect(await textOf(file)).toBe('Zürich');
  });

  it('refuses a document under a password as encrypted, and one that was only called so as corrupt', async () => {
    const container = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(1024),
      Buffer.from('EncryptedPackage', 'utf16le'),
    ]);
    expect(await failureOf({ filename: 'a.docx', bytes: container })).toBe('encrypted');
    expect(docx().accepts({ filename: 'a.docx', bytes: container })).toBe(true);
    // An old .doc by its new name, and a spreadsheet.
    expect(docx().accepts({ filename: 'a.docx', bytes: container.subarray(0, 600) })).toBe(false);
    expect(await failureOf({ filename: 'a.docx', bytes: Buffer.from('just words') })).toBe('corrupt');
    expect(await failureOf(word('', { '_rels/.rels': relationships() }))).toBe('corrupt');
    expect(await failureOf(word(p('  ')))).toBe('empty');
  });
});

describe('a hostile Word document', () => {
  it('that would unpack to far more than its size is refused before it is unpacked', async () => {
    const file = word('', { 'word/document.xml': new Uint8Array(8 * 2 ** 20) });
    expect(file.bytes.length).toBeLessThan(20_000);
    // Were it unpacked, it would be found to be damaged.
    const damaged = Buffer.from(file.bytes);
    damaged.fill(0xff, 2_000, 3_000);
    expect(await failureOf({ ...file, bytes: damaged })).toBe('too_large');
  });

  it('that lies about its unpacked size is stopped at the size it gave', async () => {
    const honest = word(p('x'.repeat(300_000)));
    const size = Buffer.from(honest.bytes);
    const real = Buffer.alloc(4);
    real.writeUInt32LE(part('document', `<w:body>${p('x'.repeat(300_000))}</w:body>`).length);
    expect(size.includes(real)).toBe(true);
    const small = Buffer.alloc(4);
    small.writeUInt32LE(1000);
    expect(await failureOf(patched(honest, real.toString('latin1'), small.toString('latin1')))).toBe('corrupt');
  });

  it('with too many parts, two parts of one name or locked parts is refused', async () => {
    const many = Buffer.from(word(p('x')).bytes);
    many.writeUInt16LE(10_001, many.length - 22 + 10);
    expect(await failureOf({ filename: 'a.docx', bytes: many })).toBe('too_large');
    const twice = patched(word(p('x'), { 'word/documenX.xml': '<x/>' }), 'word/documenX.xml', 'word/document.xml');
    expect(await failureOf(twice)).toBe('corrupt');
    const locked = Buffer.from(word(p('x')).bytes);
    locked.writeUInt16LE(1, locked.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1')) + 8);
    expect(await failureOf({ filename: 'a.docx', bytes: locked })).toBe('encrypted');
  });

  it.each(['../../evil.xml', '/etc/evil.xml', 'C:/evil.xml'])('with a part named %s is refused', async (name) => {
    expect(await failureOf(word(p('x'), { [name]: 'x' }))).toBe('corrupt');
  });

  it.each(['../../../../etc/passwd', '/etc/passwd', 'file:///etc/passwd', 'word/nul\0l'])(
    'whose main part is to be %s finds nothing there',
    async (target) => {
      const file = word(p('x'), { '_rels/.rels': relationships(relationship('officeDocument', target)) });
      expect(await failureOf(file)).toBe('corrupt');
    },
  );

  it('that links to files and addresses outside is read without them', async () => {
    const links = ['file:///etc/passwd', 'http://127.0.0.1:9/x', '/etc/passwd'].flatMap((target) =>
      ['image', 'footnotes', 'attachedTemplate'].map((kind) => relationship(kind, target, 'TargetMode="External"')),
    );
    const body = `${p('Words')}<w:p><w:r><w:drawing><a:blip xmlns:a="urn:a" xmlns:r="${OFFICE}" r:link="rimage"/></w:drawing></w:r></w:p>`;
    const file = word(body, { 'word/_rels/document.xml.rels': relationships(...links) });
    expect(await textOf(file)).toBe('Words');
  });

  it.each([
    ['an external entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '&e;'],
    ['a billion laughs', '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>', '&b;'],
    ['an external DTD', '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', 'x'],
    ['an entity that no one declared', '', '&e;'],
  ])('with %s is refused', async (_, doctype, entity) => {
    const xml = `<?xml version="1.0"?>${doctype}<w:document xmlns:w="${WORD}">${p(entity)}</w:document>`;
    expect(await failureOf(word('', { 'word/document.xml': xml }))).toBe('corrupt');
  });

  it('that is nested too deep is refused', async () => {
    const deep = table(row(cell('@'))).split('@');
    const body = `${deep[0]?.repeat(500)}${p('x')}${deep[1]?.repeat(500)}`;
    expect(await failureOf(word(body))).toBe('corrupt');
  });

  it('with more text than may be taken is refused while it is read', async () => {
    const failure = docx({ maxCharacters: 1000 }).read(word(p('Words. '.repeat(1000))));
    await expect(failure).rejects.toMatchObject({ code: 'too_large' });
  });
});
