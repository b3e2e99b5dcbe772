/** Every string of a JSON text, those followed by a colon being names of members. */
const STRINGS = /"(?:[^"\\]|\\.)*"\s*(:)?/gs;

/**
 * Whether no object in a JSON text has two members of one name. Of two, readers differ in which they take: one that looks
 * at the first would see another tenant than one that looks at the last.
 *
 * @throws SyntaxError for what is no JSON
 */
export function hasUniqueMembers(json: string): boolean {
  let kept = 0;
  JSON.parse(json, function (this: unknown, _name, value: unknown) {
    if (!Array.isArray(this)) kept += 1;
    return value;
  });
  const named = Array.from(json.matchAll(STRINGS)).filter(([, colon]) => colon).length;
  // The text as a whole is a member of nothing, and is counted as one.
  return named === kept - 1;
}
