/**
 * The same function, remembering what it made of the last `most` different words or more. In two halves, of which the older
 * one is forgotten as a whole: so nothing need be kept of when a word was last seen, and memory stays bounded.
 */
export function remembered<T>(most: number, make: (word: string) => T): (word: string) => T {
  let young = new Map<string, T>();
  let old = young;
  return (word) => {
    const known = young.get(word);
    if (known !== undefined) return known;
    const own = copied(word);
    const made = old.get(own) ?? make(own);
    if (young.size >= most) [old, young] = [young, new Map()];
    young.set(own, made);
    return made;
  };
}

/** A word cut from a text may be a view into it, and to keep it would keep the text in memory. */
function copied(word: string): string {
  return Buffer.from(word, 'utf16le').toString('utf16le');
}
