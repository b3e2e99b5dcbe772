/** Dimensions of the term space: the most a sparsevec may declare. */
export const TERM_SPACE = 1_000_000_000;

/**
 * Where an analyzer's terms have their places in the term space, 1 to {@link TERM_SPACE}: FNV-1a over the UTF-16 units of
 * the analyzer's name, U+0000 and the term, finished as MurmurHash3 is. So the same word of two analyzers has two places,
 * and statistics kept by place are kept by analyzer. Two terms in the same place count as one; among 100,000 terms that
 * happens to about five pairs.
 */
export function termIndex(analyzer: string): (term: string) => number {
  const start = fnv1a(`${analyzer}\0`, 0x811c9dc5);
  return (term) => {
    let hash = fnv1a(term, start);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (((hash ^ (hash >>> 16)) >>> 0) % TERM_SPACE) + 1;
  };
}

function fnv1a(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
