/** Most marks between two blank lines, and the deepest indentation, that the parser gets through in a second. */
const MAX_MARKS = 4_000;
const MAX_INDENT = 200;

/** A list within a list within a list, all on one line. */
const NESTED_ON_ONE_LINE = /^\s*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+){10}/;

/**
 * Whether Markdown is such that no person wrote it and parsing it would take minutes: the parser's time grows with the
 * square of the marks in one block and of the depth of lists.
 */
export function isTangled(source: string): boolean {
  let marks = 0;
  for (const line of source.split('\n')) {
    const indent = line.search(/\S/);
    if (indent === -1) {
      marks = 0;
      continue;
    }
    marks += line.match(/[*_[\]<>&`~!]/g)?.length ?? 0;
    if (marks > MAX_MARKS || indent > MAX_INDENT || NESTED_ON_ONE_LINE.test(line)) return true;
  }
  return false;
}
