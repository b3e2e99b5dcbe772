/** First bytes, in hexadecimal, by which a format is known, and what a person calls it. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^504b(?:0304|0506|0708)/, 'a ZIP archive, as Word, Excel, PowerPoint, OpenDocument and EPUB files are'],
  [/^d0cf11e0a1b11ae1/, 'an old Office document (or an encrypted new one)'],
  [/^7b5c727466/, 'an RTF document'],
  [/^25215053/, 'a PostScript file'],
  // gzip, bzip2, xz, 7-Zip, RAR, Zstandard
  [/^(?:1f8b|425a683[1-9]314159265359|fd377a585a00|377abcaf271c|526172211a07|28b52ffd)/, 'a compressed archive'],
  // PNG, JPEG, GIF, TIFF in both byte orders, WebP
  [/^(?:89504e470d0a|ffd8ff|474946383[79]61|49492a00|4d4d002a|52494646.{8}57454250)/, 'an image'],
  // MP3 with tags, Ogg, FLAC, WAV, AVI, MP4, Matroska
  [/^(?:494433|4f676753|664c6143|52494646.{8}(?:57415645|41564920)|.{8}66747970|1a45dfa3)/, 'sound or video'],
  // ELF, Windows, Java class and Mach-O in their byte orders, WebAssembly
  [/^(?:7f454c46|4d5a..00|cafebabe|feedfac[ef]|c[ef]faedfe|0061736d)/, 'a program'],
  [/^(?:53514c69746520666f726d6174203300|50415231)/, 'a database'],
  [/^(?:774f4632|774f4646|4f54544f00|0001000000)/, 'a font'],
];

/** What these bytes are where they are known not to be text or PDF, whatever their file is called; else null. */
export function foreignFormat(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  return SIGNATURES.find(([pattern]) => pattern.test(head))?.[1] ?? null;
}

/** Whether the bytes begin as a PDF does; white space and a byte order mark may stand before. */
export function beginsAsPdf(bytes: Uint8Array): boolean {
  return /^%PDF-/.test(beginning(bytes));
}

/** Whether the bytes begin as a web page does. */
export function beginsAsHtml(bytes: Uint8Array): boolean {
  return /^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*<(?:!doctype\s+html|html)\b/i.test(beginning(bytes));
}

/** The first characters, whichever Unicode form they are in, without marks and blanks before them. */
function beginning(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  return head.replaceAll('\0', '').replace(/^(?:\xEF\xBB\xBF|\xFF\xFE|\xFE\xFF)?\s*/, '');
}

export function isZip(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString('hex') === '504b0304';
}

/** A new Office document under a password is an old Office container with the cipher text in a stream of this name. */
export function isEncryptedOffice(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return file.toString('hex', 0, 4) === 'd0cf11e0' && file.includes(Buffer.from('EncryptedPackage', 'utf16le'));
}
