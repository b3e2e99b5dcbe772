/** UTF-32 with a byte order mark, which TextDecoder does not know. What is no code point becomes U+FFFD. */
export function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const characters: string[] = [];
  for (let at = 4; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, littleEndian);
    characters.push(point <= 0x10ffff ? String.fromCodePoint(point) : '\u{FFFD}');
  }
  return characters.join('');
}
