/** Dimensions of the term space: the most a sparsevec may declare. */
export const TERM_SPACE = 1_000_000_000;

/**
 * A term's place in the term space, 1 to {@link TERM_SPACE}: FNV-1a over its UTF-16 units, finished as MurmurHash3 is.
 * Two terms in the same place count as one; among 100,000 terms that happens to about five pairs.
 */
export function termIndex(term: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) % TERM_SPACE) + 1;
}
