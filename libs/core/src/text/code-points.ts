/**
 * Translates positions in a JavaScript string (UTF-16 units) into code points, which every span of ours counts in.
 * A position inside a surrogate pair belongs to the pair's code point.
 */
export function codePointIndex(text: string): (utf16: number) => number {
  const pairs = surrogatePairs(text);
  return (utf16) => utf16 - countUpTo(pairs, utf16);
}

/** The part of a text between two code points. */
export function sliceCodePoints(text: string, start: number, end: number): string {
  return surrogatePairs(text).length === 0 ? text.slice(start, end) : Array.from(text).slice(start, end).join('');
}

/** How many code points a text has. */
export function codePointLength(text: string): number {
  return text.length - surrogatePairs(text).length;
}

/** Where the second halves of pairs stand: each shifts every later position by one. */
function surrogatePairs(text: string): number[] {
  return Array.from(text.matchAll(/[\u{10000}-\u{10FFFF}]/gu), ({ index }) => index + 1);
}

function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
