/**
 * The text as a database takes it: `\n` for every line break, no NUL and no other control character but tab, line and
 * form feed, U+FFFD for a surrogate without its other half.
 */
export function storable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n\f]/gu, '')
    .replace(/\p{Surrogate}/gu, '\u{FFFD}');
}
