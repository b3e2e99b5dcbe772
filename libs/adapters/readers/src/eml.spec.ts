import { describeReader } from '@packhouse/core/testing';
import { allReaders } from './all-readers.js';
import { anyOf } from './any-of.js';
import { eml } from './eml.js';
import { READ_LIMITS } from './limits.js';
import { plain } from './plain.js';

const file = (source: string) => ({ filename: 'mail.eml', bytes: Buffer.from(source.replaceAll('\n', '\r\n')) });
const reader = () => eml({ attachments: plain() });
const textOf = async (source: string) => (await reader().read(file(source))).text;

const HEAD = 'From: Ann <ann@a.test>\nTo: Bob <bob@b.test>, c@c.test\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n';
const simple = (body: string, type = 'text/plain; charset=utf-8') => `${HEAD}Content-Type: ${type}\n\n${body}`;

function multipart(kind: string, ...parts: string[]): string {
  const body = parts.map((part) => `--x${parts.length}y\n${part}\n`).join('');
  return `Content-Type: multipart/${kind}; boundary=x${parts.length}y\n\n${body}--x${parts.length}y--\n`;
}
const attached = (name: string, content: string, type = 'application/octet-stream') =>
  `Content-Type: ${type}\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n\n` +
  Buffer.from(content).toString('base64');

describeReader('eml', reader, () => [file(simple('A refund 💶 is paid.'))]);

describe('eml', () => {
  it('says who wrote to whom, when and of what, above the message', async () => {
    const mail = await reader().read(file(`Date: Thu, 26 Nov 2026 10:00:00 +0100\nCc: d@d.test\n${simple('Hello.')}`));
    expect(mail).toEqual({
      text: 'Subject: Grüße\nFrom: Ann <ann@a.test>\nTo: Bob <bob@b.test>, c@c.test\nCc: d@d.test\nDate: 2026-11-26T09:00:00.000Z\n\nHello.',
      pages: [],
      title: 'Grüße',
    });
  });

  it('reads the HTML of a mail that has no other form as a web page', async () => {
    expect(await textOf(simple('<p>One<script>x</script></p><p hidden>no</p><p>Two</p>', 'text/html'))).toContain(
      '\n\nOne\n\nTwo',
    );
  });

  it('takes the plain one of two forms', async () => {
    const both = multipart('alternative', 'Content-Type: text/plain\n\nplain', 'Content-Type: text/html\n\n<b>rich');
    expect(await textOf(HEAD + both)).toMatch(/\n\nplain$/);
  });

  it('reads the character set and the encoding that a part declares', async () => {
    const body =
      'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nZ=FCrich';
    expect(await textOf(HEAD + body)).toContain('Zürich');
  });

  it('reads the attachments it can, and names the others', async () => {
    const parts = [
      'Content-Type: text/plain\n\nSee files.',
      attached('a.txt', 'Words of a.'),
      attached('b.png', '\x89PNG\r\n'),
    ];
    expect(await textOf(HEAD + multipart('mixed', ...parts))).toMatch(
      /See files\.\n\nAttachment: a\.txt\n\nWords of a\.\n\nAttachment: b\.png$/,
    );
    expect((await eml().read(file(HEAD + multipart('mixed', ...parts)))).text).not.toContain('Words of a');
  });

  it('reads a mail within a mail within a mail, and names what is deeper', async () => {
    let mail = simple('level 5');
    for (const level of [4, 3, 2, 1]) {
      const forwarded = `Content-Type: message/rfc822\n\n${mail}`;
      const text = `Content-Type: text/plain\n\nlevel ${level}`;
      // Another boundary a level: the number of parts makes it.
      mail = `${HEAD}${multipart('mixed', text, forwarded, ...Array.from({ length: level }, () => 'X-A: b\n\n '))}`;
    }
    const { text } = await anyOf(allReaders(READ_LIMITS)).read(file(mail));
    expect(text).toContain('level 3');
    expect(text).not.toContain('level 4');
  });

  it('refuses a mail that is encrypted, not one that is signed', async () => {
    const parts = multipart('encrypted; protocol="application/pgp-encrypted"', 'X-A: b\n\nVersion: 1', 'X-A: b\n\n--');
    await expect(textOf(HEAD + parts)).rejects.toMatchObject({ code: 'encrypted' });
    await expect(textOf(simple('AAAA', 'application/pkcs7-mime; smime-type=enveloped-data'))).rejects.toMatchObject({
      code: 'encrypted',
    });
    expect(await textOf(HEAD + multipart('signed', 'Content-Type: text/plain\n\nsigned', 'X-A: b\n\nx'))).toContain(
      'signed',
    );
  });

  it('refuses what is only called a mail', async () => {
    await expect(textOf('just words')).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('refuses parts nested too deep and headers without end', async () => {
    let deep = 'Content-Type: text/plain\n\nx';
    for (let level = 0; level < 100; level++) {
      deep = `Content-Type: multipart/mixed; boundary=b${level}\n\n--b${level}\n${deep}\n--b${level}--\n`;
    }
    await expect(textOf(HEAD + deep)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(textOf(`${HEAD}X-Long: ${'a'.repeat(2_000_000)}\n\nx`)).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('refuses more text than it may take, attachments included', async () => {
    const parts = Array.from({ length: 20 }, (_, index) => attached(`${index}.txt`, 'word '.repeat(1000)));
    const failure = eml({ attachments: plain(), maxCharacters: 20_000 }).read(
      file(HEAD + multipart('mixed', ...parts)),
    );
    await expect(failure).rejects.toMatchObject({ code: 'too_large' });
  });
});
