const PLAIN = /^.[\p{Ll}\p{Lo}\p{M}]*$/u;
/** Unicode takes `db.query` and `next_page` for one word each. */
const JOINT = /[._:]+/;
/** Where camelCase, PascalCase and HTTPServer begin another part. */
const HUMP = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

/**
 * A word, and where it is a name made of others, those too: of `db.nextPage` itself, `db`, `nextPage`, `next` and `page`.
 * People ask for a name by the whole and by a part.
 */
export function nameParts(word: string): string[] {
  if (PLAIN.test(word)) return [word];
  const parts = word.split(JOINT).filter((part) => part !== '');
  return [...new Set([word, ...parts, ...parts.flatMap((part) => part.split(HUMP))])];
}
